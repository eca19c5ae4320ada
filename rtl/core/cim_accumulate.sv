// The array's sums: one row a cycle onto every column and bit plane, or with Effects one cell with a conductance for every
// plane; with Hold a second set, held for the conversion.
module cim_accumulate #(
  parameter int unsigned Rows = 16,
  parameter int unsigned Cols = 4,
  parameter int unsigned Planes = 8,
  parameter bit Hold = 1'b1,
  parameter bit Effects = 1'b0,
  parameter int unsigned Converters = 1,
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
  // Unused: a lane's upper bits are zero.
  /* verilator lint_off UNUSEDSIGNAL */
  input  logic [Planes*LaneBits-1:0] cell_cond_i,   // u21.0 in lanes
  /* verilator lint_on UNUSEDSIGNAL */
  input  logic                       take_i,    // start the next vector from zero; with Hold, hold this one's sums
  input  logic [Planes-1:0]          x_i,       // the row's input, one bit a plane
  input  logic [Cols*LaneBits-1:0]   cond_i,    // u21.0 in lanes
  input  logic                       read_i,    // read columns of the held sums, without Hold of the sums
  input  logic [ColW-1:0]            col_i,     // the first of them, a multiple of Converters
  output logic [Converters*Planes*LaneBits-1:0] sum_o   // u(SumBits).0 in lanes, one cycle after read_i
);
  for (genvar p = 0; p < Planes; p++) begin : gen_plane
    logic [Converters*LaneBits-1:0] sum;
    cim_plane_sums #(
      .Cols(Cols), .SumBits(SumBits), .Hold(Hold), .Effects(Effects), .Converters(Converters)
    ) u_sums (
      .clk_i, .rst_ni, .row_i, .cell_i, .cell_col_i, .cell_cond_i(cell_cond_i[p*LaneBits+:CondBits]), .take_i,
      .x_i(x_i[p]), .cond_i, .read_i, .col_i, .sum_o(sum)
    );
    for (genvar l = 0; l < Converters; l++) begin : gen_lane
      assign sum_o[(l*Planes+p)*LaneBits+:LaneBits] = sum[l*LaneBits+:LaneBits];
    end
  end

  // Up to Rows conductances fit a sum whatever they are.
  logic [$clog2(Rows+1)-1:0] rows_q;   // rows in the sums, for the assertion alone

  always_ff @(posedge clk_i) begin
    if (!rst_ni || take_i) rows_q <= '0;
    else if (row_i) rows_q <= rows_q + 1'b1;
    if (rst_ni) RowOrTake_A : assert (32'(row_i) + 32'(cell_i) + 32'(take_i) <= 32'd1);
    if (rst_ni && row_i) SumFits_A : assert (32'(rows_q) < Rows);
  end
endmodule
