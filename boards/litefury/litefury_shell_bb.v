// The ports of litefury_shell, the block design that build.tcl makes around the vendor's XDMA core: a black box for tools without it.
(* blackbox *)
module litefury_shell (
  input         pcie_clk_p, pcie_clk_n, pcie_rst_n,
  input  [3:0]  pcie_rxp, pcie_rxn,
  output [3:0]  pcie_txp, pcie_txn,
  output        core_clk, core_rst_n,
  output        axil_awvalid, axil_wvalid, axil_bready, axil_arvalid, axil_rready,
  input         axil_awready, axil_wready, axil_bvalid, axil_arready, axil_rvalid,
  output [15:0] axil_awaddr, axil_araddr,
  output [31:0] axil_wdata,
  output [3:0]  axil_wstrb,
  input  [31:0] axil_rdata,
  input  [1:0]  axil_bresp, axil_rresp,
  output        axi_awvalid, axi_wvalid, axi_wlast, axi_bready, axi_arvalid, axi_rready,
  input         axi_awready, axi_wready, axi_bvalid, axi_arready, axi_rvalid, axi_rlast,
  output [19:0] axi_awaddr, axi_araddr,
  output [7:0]  axi_awlen, axi_arlen,
  output [2:0]  axi_awsize, axi_arsize,
  output [1:0]  axi_awburst, axi_arburst,
  output [31:0] axi_wdata,
  output [3:0]  axi_wstrb,
  input  [31:0] axi_rdata,
  input  [1:0]  axi_bresp, axi_rresp
);
endmodule
