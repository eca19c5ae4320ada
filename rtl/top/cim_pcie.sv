// The board with a controller as a PCIe card: BAR0 and BAR2 in front of cim_board. It only wires.
module cim_pcie #(
  parameter int unsigned Rows = 16,
  parameter int unsigned Cols = 4,
  parameter int unsigned Banks = 4,
  parameter int unsigned InBits = 8,
  parameter int unsigned InWords = 64,
  parameter int unsigned OutWords = 64,
  parameter int unsigned Kept = 2,
  parameter int unsigned MaxPayload = 32,
  parameter int unsigned Effects = 0,         // 1: the device model beyond offsets
  parameter int unsigned Converters = 1,      // columns that the tile converts a cycle; 0: the serial tile
  parameter int unsigned MemoryBytes = 4096,
  parameter int unsigned ClksPerBit = 4,
  parameter logic [31:0] ConfigHash = 32'h0,
  parameter int unsigned RequestWords = 1024,   // of the rings: powers of two, 4 .. 8192
  parameter int unsigned ResponseWords = 1024,
  parameter int unsigned IdW = 4                // bits of a transaction's number on AXI4
) (
  input  logic           clk_i,
  input  logic           rst_ni,
  // BAR0.
  input  logic           s_axil_awvalid_i,
  output logic           s_axil_awready_o,
  input  logic [15:0]    s_axil_awaddr_i,
  input  logic           s_axil_wvalid_i,
  output logic           s_axil_wready_o,
  input  logic [31:0]    s_axil_wdata_i,
  input  logic [3:0]     s_axil_wstrb_i,
  output logic           s_axil_bvalid_o,
  input  logic           s_axil_bready_i,
  output logic [1:0]     s_axil_bresp_o,
  input  logic           s_axil_arvalid_i,
  output logic           s_axil_arready_o,
  input  logic [15:0]    s_axil_araddr_i,
  output logic           s_axil_rvalid_o,
  input  logic           s_axil_rready_i,
  output logic [31:0]    s_axil_rdata_o,
  output logic [1:0]     s_axil_rresp_o,
  // BAR2.
  input  logic           s_axi_awvalid_i,
  output logic           s_axi_awready_o,
  input  logic [IdW-1:0] s_axi_awid_i,
  input  logic [19:0]    s_axi_awaddr_i,
  input  logic [7:0]     s_axi_awlen_i,
  input  logic [2:0]     s_axi_awsize_i,
  input  logic [1:0]     s_axi_awburst_i,
  input  logic           s_axi_wvalid_i,
  output logic           s_axi_wready_o,
  input  logic [31:0]    s_axi_wdata_i,
  input  logic [3:0]     s_axi_wstrb_i,
  input  logic           s_axi_wlast_i,
  output logic           s_axi_bvalid_o,
  input  logic           s_axi_bready_i,
  output logic [IdW-1:0] s_axi_bid_o,
  output logic [1:0]     s_axi_bresp_o,
  input  logic           s_axi_arvalid_i,
  output logic           s_axi_arready_o,
  input  logic [IdW-1:0] s_axi_arid_i,
  input  logic [19:0]    s_axi_araddr_i,
  input  logic [7:0]     s_axi_arlen_i,
  input  logic [2:0]     s_axi_arsize_i,
  input  logic [1:0]     s_axi_arburst_i,
  output logic           s_axi_rvalid_o,
  input  logic           s_axi_rready_i,
  output logic [IdW-1:0] s_axi_rid_o,
  output logic [31:0]    s_axi_rdata_o,
  output logic [1:0]     s_axi_rresp_o,
  output logic           s_axi_rlast_o,
  output logic           irq_o,            // level
  output logic           busy_o,           // a job runs, or the core executes
  output logic           link_idle_o,      // no frame is received, executed or sent
  output logic [63:0]    cycle_o           // clock cycles since reset
);
  logic flush, rx_valid, rx_ready, tx_valid, tx_ready, attention, refused;
  logic [31:0] rx_data, tx_data, word_rdata;
  // Masters of single words: BAR0, BAR2's writes, BAR2's reads.
  logic [2:0] word_valid, word_ready;
  logic word_we;
  logic [95:0] word_addr;
  logic [63:0] word_wdata;
  logic [3:0] word_status;

  cim_card #(.RequestWords(RequestWords), .ResponseWords(ResponseWords), .IdW(IdW)) u_card (
    .clk_i, .rst_ni,
    .s_axil_awvalid_i, .s_axil_awready_o, .s_axil_awaddr_i, .s_axil_wvalid_i, .s_axil_wready_o, .s_axil_wdata_i,
    .s_axil_wstrb_i, .s_axil_bvalid_o, .s_axil_bready_i, .s_axil_bresp_o, .s_axil_arvalid_i, .s_axil_arready_o,
    .s_axil_araddr_i, .s_axil_rvalid_o, .s_axil_rready_i, .s_axil_rdata_o, .s_axil_rresp_o,
    .s_axi_awvalid_i, .s_axi_awready_o, .s_axi_awid_i, .s_axi_awaddr_i, .s_axi_awlen_i, .s_axi_awsize_i,
    .s_axi_awburst_i, .s_axi_wvalid_i, .s_axi_wready_o, .s_axi_wdata_i, .s_axi_wstrb_i, .s_axi_wlast_i,
    .s_axi_bvalid_o, .s_axi_bready_i, .s_axi_bid_o, .s_axi_bresp_o, .s_axi_arvalid_i, .s_axi_arready_o,
    .s_axi_arid_i, .s_axi_araddr_i, .s_axi_arlen_i, .s_axi_arsize_i, .s_axi_arburst_i, .s_axi_rvalid_o,
    .s_axi_rready_i, .s_axi_rid_o, .s_axi_rdata_o, .s_axi_rresp_o, .s_axi_rlast_o, .irq_o,
    .flush_o(flush), .rx_valid_o(rx_valid), .rx_ready_i(rx_ready), .rx_data_o(rx_data), .tx_valid_i(tx_valid),
    .tx_ready_o(tx_ready), .tx_data_i(tx_data),
    .dev_req_o(word_valid[0]), .dev_we_o(word_we), .dev_addr_o(word_addr[31:0]), .dev_wdata_o(word_wdata[31:0]),
    .dev_ack_i(word_ready[0]), .dev_err_i(refused), .dev_rdata_i(word_rdata),
    .memw_req_o(word_valid[1]), .memw_addr_o(word_addr[63:32]), .memw_wdata_o(word_wdata[63:32]),
    .memw_ack_i(word_ready[1]), .memr_req_o(word_valid[2]), .memr_addr_o(word_addr[95:64]), .memr_ack_i(word_ready[2]),
    .mem_err_i(refused), .mem_rdata_i(word_rdata), .attention_i(attention)
  );

  assign refused = word_status != cim_spec_pkg::StatusOk[3:0];

  // A card has no UART: its line rests.
  logic uart_tx;
  cim_board #(
    .Rows(Rows), .Cols(Cols), .Banks(Banks), .InBits(InBits), .InWords(InWords), .OutWords(OutWords), .Kept(Kept),
    .MaxPayload(MaxPayload), .Effects(Effects), .Converters(Converters), .MemoryBytes(MemoryBytes), .ClksPerBit(ClksPerBit),
    .WordPorts(3), .ConfigHash(ConfigHash)
  ) u_board (
    .clk_i, .rst_ni, .link_sel_i(1'b1), .flush_i(flush), .uart_rx_i(1'b1), .uart_tx_o(uart_tx),
    .stream_rx_valid_i(rx_valid), .stream_rx_ready_o(rx_ready), .stream_rx_data_i(rx_data),
    .stream_tx_valid_o(tx_valid), .stream_tx_ready_i(tx_ready), .stream_tx_data_o(tx_data),
    .word_valid_i(word_valid), .word_we_i({2'b01, word_we}), .word_addr_i(word_addr),
    .word_wdata_i({32'b0, word_wdata}),
    .word_ready_o(word_ready), .word_status_o(word_status), .word_rdata_o(word_rdata),
    .busy_o, .link_idle_o, .attention_o(attention), .cycle_o
  );

  always_ff @(posedge clk_i) begin
    if (rst_ni) UartRests_A : assert (uart_tx);
  end
endmodule
