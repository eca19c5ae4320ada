// The sums of one bit plane: a row of all columns a cycle, or with Effects one cell; with Hold a second set, held for the
// conversion.
module cim_plane_sums #(
  parameter int unsigned Cols = 4,
  parameter int unsigned SumBits = 25,
  parameter bit Hold = 1'b1,
  parameter bit Effects = 1'b0,
  parameter int unsigned Converters = 1,   // columns read at once
  localparam int unsigned ColW = $clog2(Cols),
  localparam int unsigned LaneBits = cim_tile_pkg::LaneBits,
  localparam int unsigned CondBits = cim_tile_pkg::CondBits
) (
  input  logic                     clk_i,
  input  logic                     rst_ni,
  input  logic                     row_i,        // add a row
  input  logic                     cell_i,       // with Effects: add one cell
  input  logic [ColW-1:0]          cell_col_i,
  input  logic [CondBits-1:0]      cell_cond_i,  // u21.0
  input  logic                     take_i,       // start from zero; with Hold, hold the sums
  input  logic                     x_i,          // the row's input in this plane
  input  logic [Cols*LaneBits-1:0] cond_i,       // u21.0 in lanes
  input  logic                     read_i,       // read columns of the held sums, without Hold of the sums
  input  logic [ColW-1:0]          col_i,        // the first of them, a multiple of Converters
  output logic [Converters*LaneBits-1:0] sum_o   // u(SumBits).0, one cycle after read_i
);
  // Both sets are read and written in the one process below and nowhere else, so blocking assignments are safe, and a
  // simulator updates the sums in place. The task's own loop variable stays in a register of a Verilated model: its compiler
  // then uses vector instructions.
  (* mem2reg *) logic [SumBits-1:0] sum [Cols];
  (* mem2reg *) logic [SumBits-1:0] held [Cols];   // unused without Hold

  /* verilator lint_off BLKSEQ */
  // One adder a column for both: g++ makes two loops of it.
  task add(input one, input [31:0] col, input [31:0] cond);
    logic [31:0] c;
    for (c = 0; c < Cols; c = c + 1) begin
      sum[c] = sum[c] + SumBits'(one ? (c == col ? cond : 0) : 32'(cond_i[c*LaneBits+:CondBits]));
    end
  endtask

  always_ff @(posedge clk_i) begin
    if (read_i) begin
      for (int unsigned l = 0; l < Converters; l++) begin
        if (Hold) sum_o[l*LaneBits+:LaneBits] <= LaneBits'(held[col_i|ColW'(l)]);
        else sum_o[l*LaneBits+:LaneBits] <= LaneBits'(sum[col_i|ColW'(l)]);
      end
    end
    if (Hold && take_i) begin
      for (int unsigned c = 0; c < Cols; c++) held[c] = sum[c];
    end
    if (!rst_ni || take_i) begin
      for (int unsigned c = 0; c < Cols; c++) sum[c] = '0;
    end else if ((row_i || (Effects && cell_i)) && x_i) begin
      add(Effects && cell_i, 32'(cell_col_i), 32'(cell_cond_i));
    end
  end
  /* verilator lint_on BLKSEQ */
endmodule
