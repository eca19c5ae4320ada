// The programmed levels of every cell, a row of all columns read a cycle, written a 32-bit word at a time.
module cim_level_mem #(
  parameter int unsigned Cells = 64,   // rows of all banks
  parameter int unsigned Cols = 4,     // a power of two, 4 or more
  localparam int unsigned RowW = $clog2(Cells),
  localparam int unsigned LaneW = Cols > 16 ? 32 : Cols * 2,
  localparam int unsigned Words = Cols * 2 / LaneW,
  localparam int unsigned WordW = Words > 1 ? $clog2(Words) : 1
) (
  input  logic              clk_i,
  input  logic              we_i,
  input  logic [RowW-1:0]   wrow_i,
  input  logic [WordW-1:0]  wword_i,   // columns 16 * wword_i upwards
  input  logic [LaneW-1:0]  wdata_i,   // 2 bits a column
  input  logic              re_i,
  input  logic [RowW-1:0]   rrow_i,
  output logic [Cols*2-1:0] level_o    // one cycle after re_i
);
  logic [Words-1:0] be;

  always_comb begin
    be = '0;
    be[wword_i] = 1'b1;
  end

  cim_ram_be #(
    .Width(Cols * 2), .LaneW(LaneW), .Depth(Cells)
  ) u_ram (
    .clk_i, .we_i, .waddr_i(wrow_i), .be_i(be), .wdata_i({Words{wdata_i}}),
    .re_i, .raddr_i(rrow_i), .rdata_o(level_o)
  );
endmodule
