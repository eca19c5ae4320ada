// Two memories of activations: the patch fetch reads one, post-processing fills the other, and they change places from layer
// to layer. An image comes into the one that is read, by words.
module cim_activations #(
  parameter int unsigned ActivationBytes = 256,  // of one memory, a power of two, 8 or more
  localparam int unsigned ActW = $clog2(ActivationBytes)
) (
  input  logic            clk_i,
  input  logic            side_i,       // the one that is read
  input  logic            re_i,
  input  logic [ActW-3:0] raddr_i,      // word
  output logic [31:0]     rdata_o,      // in the next cycle
  input  logic            we_i,         // into the other one
  input  logic [ActW-1:0] waddr_i,      // byte
  input  logic [7:0]      wdata_i,
  input  logic            word_we_i,    // into the one that is read
  input  logic [ActW-3:0] word_addr_i,
  input  logic [31:0]     word_wdata_i
);
  logic [63:0] rdata;
  logic [3:0] lanes;
  assign lanes = 4'b0001 << waddr_i[1:0];

  for (genvar i = 0; i < 2; i++) begin : gen_side
    logic here;
    assign here = side_i == 1'(i);
    cim_ram_be #(.Width(32), .LaneW(8), .Depth(ActivationBytes / 4)) u_ram (
      .clk_i,
      .we_i(here ? word_we_i : we_i), .waddr_i(here ? word_addr_i : waddr_i[ActW-1:2]), .be_i(here ? 4'b1111 : lanes),
      .wdata_i(here ? word_wdata_i : {4{wdata_i}}),
      .re_i(here && re_i), .raddr_i, .rdata_o(rdata[32*i+:32])
    );
  end

  assign rdata_o = side_i ? rdata[63:32] : rdata[31:0];
endmodule
