// Pins of the LiteFury, an M.2 card: the vendor's XDMA core (litefury_shell, made by build.tcl) and the device behind it.
// `CRUCIBLE_CONFIG, the parameters, comes from scripts/board.py.
`include "crucible_config.vh"
module cim_litefury (
  input  logic       pcie_clk_p_i,     // 100 MHz
  input  logic       pcie_clk_n_i,
  input  logic       pcie_rst_ni,
  output logic       pcie_clkreq_no,
  input  logic [3:0] pcie_rx_p_i,
  input  logic [3:0] pcie_rx_n_i,
  output logic [3:0] pcie_tx_p_o,
  output logic [3:0] pcie_tx_n_o,
  output logic       busy_o,           // A1
  output logic       link_idle_o       // A2
);
  logic clk, rst_n, irq;
  logic [63:0] cycle;
  logic axil_awvalid, axil_awready, axil_wvalid, axil_wready, axil_bvalid, axil_bready, axil_arvalid, axil_arready;
  logic axil_rvalid, axil_rready, axi_awvalid, axi_awready, axi_wvalid, axi_wready, axi_wlast, axi_bvalid, axi_bready;
  logic axi_arvalid, axi_arready, axi_rvalid, axi_rready, axi_rlast;
  logic [15:0] axil_awaddr, axil_araddr;
  logic [19:0] axi_awaddr, axi_araddr;
  logic [31:0] axil_wdata, axil_rdata, axi_wdata, axi_rdata;
  logic [7:0] axi_awlen, axi_arlen;
  logic [3:0] axil_wstrb, axi_wstrb, axi_bid, axi_rid;
  logic [2:0] axi_awsize, axi_arsize;
  logic [1:0] axil_bresp, axil_rresp, axi_awburst, axi_arburst, axi_bresp, axi_rresp;

  assign pcie_clkreq_no = 1'b0;

  litefury_shell u_shell (
    .pcie_clk_p(pcie_clk_p_i), .pcie_clk_n(pcie_clk_n_i), .pcie_rst_n(pcie_rst_ni), .pcie_rxp(pcie_rx_p_i),
    .pcie_rxn(pcie_rx_n_i), .pcie_txp(pcie_tx_p_o), .pcie_txn(pcie_tx_n_o), .core_clk(clk), .core_rst_n(rst_n),
    .axil_awvalid, .axil_awready, .axil_awaddr, .axil_wvalid, .axil_wready, .axil_wdata, .axil_wstrb, .axil_bvalid,
    .axil_bready, .axil_bresp, .axil_arvalid, .axil_arready, .axil_araddr, .axil_rvalid, .axil_rready, .axil_rdata,
    .axil_rresp, .axi_awvalid, .axi_awready, .axi_awaddr, .axi_awlen, .axi_awsize, .axi_awburst, .axi_wvalid, .axi_wready,
    .axi_wdata, .axi_wstrb, .axi_wlast, .axi_bvalid, .axi_bready, .axi_bresp, .axi_arvalid, .axi_arready, .axi_araddr,
    .axi_arlen, .axi_arsize, .axi_arburst, .axi_rvalid, .axi_rready, .axi_rdata, .axi_rresp, .axi_rlast
  );

  // The shell numbers no transactions and the host polls.
  cim_pcie #(`CRUCIBLE_CONFIG) u_pcie (
    .clk_i(clk), .rst_ni(rst_n),
    .s_axil_awvalid_i(axil_awvalid), .s_axil_awready_o(axil_awready), .s_axil_awaddr_i(axil_awaddr),
    .s_axil_wvalid_i(axil_wvalid), .s_axil_wready_o(axil_wready), .s_axil_wdata_i(axil_wdata), .s_axil_wstrb_i(axil_wstrb),
    .s_axil_bvalid_o(axil_bvalid), .s_axil_bready_i(axil_bready), .s_axil_bresp_o(axil_bresp),
    .s_axil_arvalid_i(axil_arvalid), .s_axil_arready_o(axil_arready), .s_axil_araddr_i(axil_araddr),
    .s_axil_rvalid_o(axil_rvalid), .s_axil_rready_i(axil_rready), .s_axil_rdata_o(axil_rdata), .s_axil_rresp_o(axil_rresp),
    .s_axi_awvalid_i(axi_awvalid), .s_axi_awready_o(axi_awready), .s_axi_awid_i(4'd0), .s_axi_awaddr_i(axi_awaddr),
    .s_axi_awlen_i(axi_awlen), .s_axi_awsize_i(axi_awsize), .s_axi_awburst_i(axi_awburst), .s_axi_wvalid_i(axi_wvalid),
    .s_axi_wready_o(axi_wready), .s_axi_wdata_i(axi_wdata), .s_axi_wstrb_i(axi_wstrb), .s_axi_wlast_i(axi_wlast),
    .s_axi_bvalid_o(axi_bvalid), .s_axi_bready_i(axi_bready), .s_axi_bid_o(axi_bid), .s_axi_bresp_o(axi_bresp),
    .s_axi_arvalid_i(axi_arvalid), .s_axi_arready_o(axi_arready), .s_axi_arid_i(4'd0), .s_axi_araddr_i(axi_araddr),
    .s_axi_arlen_i(axi_arlen), .s_axi_arsize_i(axi_arsize), .s_axi_arburst_i(axi_arburst), .s_axi_rvalid_o(axi_rvalid),
    .s_axi_rready_i(axi_rready), .s_axi_rid_o(axi_rid), .s_axi_rdata_o(axi_rdata), .s_axi_rresp_o(axi_rresp),
    .s_axi_rlast_o(axi_rlast), .irq_o(irq), .busy_o, .link_idle_o, .cycle_o(cycle)
  );

  logic unused;
  assign unused = ^{irq, cycle, axi_bid, axi_rid};
endmodule
