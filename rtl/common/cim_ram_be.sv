// Memory with one synchronous read port and one write port whose enables cover LaneW bits each.
// A read in the cycle of a write to the same word is not promised either value: the user keeps the two apart.
module cim_ram_be #(
  parameter int unsigned Width = 32,   // bits of a word, a multiple of LaneW
  parameter int unsigned LaneW = 8,    // bits under one write enable
  parameter int unsigned Depth = 16,   // words, at least 2
  localparam int unsigned AddrW = $clog2(Depth),
  localparam int unsigned Lanes = Width / LaneW
) (
  input  logic             clk_i,
  input  logic             we_i,
  input  logic [AddrW-1:0] waddr_i,
  input  logic [Lanes-1:0] be_i,
  input  logic [Width-1:0] wdata_i,
  input  logic             re_i,
  input  logic [AddrW-1:0] raddr_i,
  output logic [Width-1:0] rdata_o     // one cycle after re_i, held until the next read
);
  if (Depth < 2 || LaneW == 0 || Width % LaneW != 0) begin : gen_illegal
    $error("cim_ram_be: Depth must be at least 2 and Width a multiple of LaneW.");
  end

  (* no_rw_check *) logic [Width-1:0] mem [Depth];

  // The memory is written in this process and read before that, so a blocking assignment is safe, and a simulator keeps
  // no flag for every lane.
  /* verilator lint_off BLKSEQ */
  always_ff @(posedge clk_i) begin
    if (re_i) rdata_o <= mem[raddr_i];
    if (we_i) begin
      for (int unsigned lane = 0; lane < Lanes; lane++) begin
        if (be_i[lane]) mem[waddr_i][lane*LaneW+:LaneW] = wdata_i[lane*LaneW+:LaneW];
      end
    end
  end
  /* verilator lint_on BLKSEQ */

  always_ff @(posedge clk_i) begin
    if (we_i) WriteInRange_A : assert (32'(waddr_i) < Depth);
    if (re_i) ReadInRange_A : assert (32'(raddr_i) < Depth);
  end
endmodule
