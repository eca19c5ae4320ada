// The array's sums: one row a cycle onto every column and bit plane, or with Effects one cell with a conductance for every
// plane; with Hold a second set, held for the conversion.
module cim_accumulate #(
  parameter int unsigned Rows = 16,
  parameter int unsigned Cols = 4,
  parameter int unsigned Planes = 8,
  parameter bit Hold = 1'b1,
  parameter bit Effects = 1'b0,
  localparam int unsigned ColW = $clog2(Cols),
  localparam int unsigned LaneBits = cim_tile_pkg::LaneBits,
  localparam int unsigned CondBits = cim_tile_pkg::CondBits,
  localparam int unsigned SumBits = CondBits + $clog2(Rows)
) (
  input  logic                       clk_i,
  input  logic                       rst_ni,
  input  logic                       row_i,     // add a row
  input  logic                       cell_i,    // with Effects: add one cell
  input  logic [ColW-1:0]            cell_col_i,
  input  logic [Planes*LaneBits-1:0] cell_cond_i,   // u21.0 in lanes
  input  logic                       take_i,    // start the next vector from zero; with Hold, hold this one's sums
  input  logic [Planes-1:0]          x_i,       // the row's input, one bit a plane
  input  logic [Cols*LaneBits-1:0]   cond_i,    // u21.0 in lanes
  input  logic                       read_i,    // read a column of the held sums, without Hold of the sums
  input  logic [ColW-1:0]            col_i,
  output logic [Planes*LaneBits-1:0] sum_o      // u(SumBits).0 in lanes, one cycle after read_i
);
  // Both sets are read and written in the one process below and nowhere else, so blocking assignments are safe, and a
  // simulator updates the sums in place. Element plane * Cols + column. The task's own loop variable stays in a register
  // of a Verilated model: its compiler then uses vector instructions.
  (* mem2reg *) logic [SumBits-1:0] sum [Planes*Cols];
  (* mem2reg *) logic [SumBits-1:0] held [Planes*Cols];   // unused without Hold

  /* verilator lint_off BLKSEQ */
  task add_row;
    logic [31:0] c;
    begin
      for (int unsigned p = 0; p < Planes; p++) begin
        if (x_i[p]) begin
          for (c = 0; c < Cols; c = c + 1) begin
            sum[p*Cols+c] = sum[p*Cols+c] + SumBits'(cond_i[c*LaneBits+:CondBits]);
          end
        end
      end
    end
  endtask

  always_ff @(posedge clk_i) begin
    if (read_i) begin
      for (int unsigned p = 0; p < Planes; p++) begin
        if (Hold) sum_o[p*LaneBits+:LaneBits] <= LaneBits'(held[p*Cols+32'(col_i)]);
        else sum_o[p*LaneBits+:LaneBits] <= LaneBits'(sum[p*Cols+32'(col_i)]);
      end
    end
    if (Hold && take_i) begin
      for (int unsigned i = 0; i < Planes * Cols; i++) held[i] = sum[i];
    end
    if (!rst_ni || take_i) begin
      for (int unsigned i = 0; i < Planes * Cols; i++) sum[i] = '0;
    end else if (row_i) begin
      add_row;
    end else if (Effects && cell_i) begin
      for (int unsigned p = 0; p < Planes; p++) begin
        if (x_i[p]) begin
          sum[p*Cols+32'(cell_col_i)] = sum[p*Cols+32'(cell_col_i)] + SumBits'(cell_cond_i[p*LaneBits+:CondBits]);
        end
      end
    end
  end
  /* verilator lint_on BLKSEQ */

  // Up to Rows conductances fit a sum whatever they are.
  logic [$clog2(Rows+1)-1:0] rows_q;   // rows in the sums, for the assertion alone

  always_ff @(posedge clk_i) begin
    if (!rst_ni || take_i) rows_q <= '0;
    else if (row_i) rows_q <= rows_q + 1'b1;
    if (rst_ni) RowOrTake_A : assert (32'(row_i) + 32'(cell_i) + 32'(take_i) <= 32'd1);
    if (rst_ni && row_i) SumFits_A : assert (32'(rows_q) < Rows);
  end
endmodule
