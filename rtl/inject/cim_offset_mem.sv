// The variation-injection registers: one signed offset for every cell, a row of all columns read a cycle.
module cim_offset_mem #(
  parameter int unsigned Cells = 64,   // rows of all banks
  parameter int unsigned Cols = 4,     // a power of two, 4 or more
  localparam int unsigned RowW = $clog2(Cells),
  localparam int unsigned Words = Cols / 4,
  localparam int unsigned WordW = Words > 1 ? $clog2(Words) : 1
) (
  input  logic             clk_i,
  input  logic             we_i,
  input  logic [RowW-1:0]  wrow_i,
  input  logic [WordW-1:0] wword_i,    // columns 4 * wword_i .. 4 * wword_i + 3
  input  logic [3:0]       be_i,       // one offset each
  input  logic [31:0]      wdata_i,    // 4 x s8.0
  input  logic             re_i,
  input  logic [RowW-1:0]  rrow_i,
  output logic [Cols*8-1:0] offset_o   // one cycle after re_i
);
  logic [Cols-1:0] be;

  always_comb begin
    be = '0;
    be[32'(wword_i)*4+:4] = be_i;
  end

  cim_ram_be #(
    .Width(Cols * 8), .LaneW(8), .Depth(Cells)
  ) u_ram (
    .clk_i, .we_i, .waddr_i(wrow_i), .be_i(be), .wdata_i({Words{wdata_i}}),
    .re_i, .raddr_i(rrow_i), .rdata_o(offset_o)
  );
endmodule
