// Memory with one port: a word is read or written a cycle. For memories that a part has with one port only.
module cim_ram_sp #(
  parameter int unsigned Width = 32,   // bits of a word, a multiple of LaneW
  parameter int unsigned LaneW = 8,    // bits under one write enable
  parameter int unsigned Depth = 16,   // words, at least 2
  localparam int unsigned AddrW = $clog2(Depth),
  localparam int unsigned Lanes = Width / LaneW
) (
  input  logic             clk_i,
  input  logic             req_i,
  input  logic             we_i,
  input  logic [AddrW-1:0] addr_i,
  input  logic [Lanes-1:0] be_i,
  input  logic [Width-1:0] wdata_i,
  output logic [Width-1:0] rdata_o     // one cycle after a read, held until the next request
);
  if (Depth < 2 || LaneW == 0 || Width % LaneW != 0) begin : gen_illegal
    $error("cim_ram_sp: Depth must be at least 2 and Width a multiple of LaneW.");
  end

  logic [Width-1:0] mem [Depth];

  // The memory is written in this process and read nowhere else, so a blocking assignment is safe, and a simulator keeps no
  // flag for every lane.
  /* verilator lint_off BLKSEQ */
  always_ff @(posedge clk_i) begin
    if (req_i && !we_i) rdata_o <= mem[addr_i];
    if (req_i && we_i) begin
      for (int unsigned lane = 0; lane < Lanes; lane++) begin
        if (be_i[lane]) mem[addr_i][lane*LaneW+:LaneW] = wdata_i[lane*LaneW+:LaneW];
      end
    end
  end
  /* verilator lint_on BLKSEQ */

  always_ff @(posedge clk_i) begin
    if (req_i) AddressInRange_A : assert (32'(addr_i) < Depth);
  end
endmodule
