// What makes a PCIe card of the device: BAR0 (AXI4-Lite) with the device's registers and the card's own, BAR2 (AXI4) with
// the rings that carry the link's frames and with board memory. It only wires.
module cim_card #(
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
  // The device: frames in words, a flush of the link, single words of its registers and of board memory.
  output logic           flush_o,
  output logic           rx_valid_o,
  input  logic           rx_ready_i,
  output logic [31:0]    rx_data_o,
  input  logic           tx_valid_i,
  output logic           tx_ready_o,
  input  logic [31:0]    tx_data_i,
  output logic           dev_req_o,        // held until dev_ack_i
  output logic           dev_we_o,
  output logic [31:0]    dev_addr_o,
  output logic [31:0]    dev_wdata_o,
  input  logic           dev_ack_i,
  input  logic           dev_err_i,        // refused
  input  logic [31:0]    dev_rdata_i,
  output logic           memw_req_o,       // likewise
  output logic [31:0]    memw_addr_o,
  output logic [31:0]    memw_wdata_o,
  input  logic           memw_ack_i,
  output logic           memr_req_o,       // likewise
  output logic [31:0]    memr_addr_o,
  input  logic           memr_ack_i,
  input  logic           mem_err_i,
  input  logic [31:0]    mem_rdata_i,
  input  logic           attention_i
);
  localparam int unsigned RequestW = $clog2(RequestWords);
  localparam int unsigned ResponseW = $clog2(ResponseWords);

  // BAR0: the device below 0x1000, the card's registers from 0x8000 on, nothing else.
  logic req, we, ack, err, axil_illegal, to_device, to_card, card_err;
  logic [15:0] addr;
  logic [31:0] wdata, rdata, card_rdata;
  cim_axil_words #(.AddrW(16)) u_axil (
    .clk_i, .rst_ni,
    .s_axil_awvalid_i, .s_axil_awready_o, .s_axil_awaddr_i, .s_axil_wvalid_i, .s_axil_wready_o, .s_axil_wdata_i,
    .s_axil_wstrb_i, .s_axil_bvalid_o, .s_axil_bready_i, .s_axil_bresp_o, .s_axil_arvalid_i, .s_axil_arready_o,
    .s_axil_araddr_i, .s_axil_rvalid_o, .s_axil_rready_i, .s_axil_rdata_o, .s_axil_rresp_o,
    .req_o(req), .we_o(we), .addr_o(addr), .wdata_o(wdata), .ack_i(ack), .err_i(err), .rdata_i(rdata),
    .illegal_o(axil_illegal)
  );
  assign to_device = addr[15:12] == '0;
  assign to_card = addr[15:12] == 4'h8;
  assign dev_req_o = req && to_device;
  assign dev_we_o = we;
  assign dev_addr_o = {16'b0, addr};
  assign dev_wdata_o = wdata;
  assign ack = to_device ? dev_ack_i : 1'b1;
  assign err = to_device ? dev_err_i : !to_card || card_err;
  assign rdata = to_device ? dev_rdata_i : card_rdata;

  // BAR2: requests are written, responses are read, board memory both; its words wait for their turn on the bus.
  logic mem_we, mem_re, mem_werr, mem_rerr, mem_wgo, mem_rgo, axi_illegal;
  logic w_in_ring, w_in_memory, r_in_ring, r_in_memory, from_memory_q;
  logic [19:0] mem_waddr, mem_raddr;
  logic [3:0] mem_be;
  logic [31:0] mem_wdata, ring_rdata, word_q;
  cim_axi_words #(.AddrW(20), .IdW(IdW)) u_axi (
    .clk_i, .rst_ni,
    .s_axi_awvalid_i, .s_axi_awready_o, .s_axi_awid_i, .s_axi_awaddr_i, .s_axi_awlen_i, .s_axi_awsize_i,
    .s_axi_awburst_i, .s_axi_wvalid_i, .s_axi_wready_o, .s_axi_wdata_i, .s_axi_wstrb_i, .s_axi_wlast_i,
    .s_axi_bvalid_o, .s_axi_bready_i, .s_axi_bid_o, .s_axi_bresp_o, .s_axi_arvalid_i, .s_axi_arready_o,
    .s_axi_arid_i, .s_axi_araddr_i, .s_axi_arlen_i, .s_axi_arsize_i, .s_axi_arburst_i, .s_axi_rvalid_o,
    .s_axi_rready_i, .s_axi_rid_o, .s_axi_rdata_o, .s_axi_rresp_o, .s_axi_rlast_o,
    .we_o(mem_we), .waddr_o(mem_waddr), .be_o(mem_be), .wdata_o(mem_wdata), .wgo_i(mem_wgo),
    .werr_i(mem_werr), .re_o(mem_re), .raddr_o(mem_raddr), .rgo_i(mem_rgo), .rerr_i(mem_rerr),
    .rdata_i(from_memory_q ? word_q : ring_rdata), .illegal_o(axi_illegal)
  );
  assign w_in_ring = {12'b0, mem_waddr} - cim_card_pkg::RequestRing < 32'(4 * RequestWords);
  assign r_in_ring = {12'b0, mem_raddr} - cim_card_pkg::ResponseRing < 32'(4 * ResponseWords);
  assign w_in_memory = {12'b0, mem_waddr} - cim_card_pkg::BoardMemory < cim_card_pkg::BoardMemoryBytes;
  assign r_in_memory = {12'b0, mem_raddr} - cim_card_pkg::BoardMemory < cim_card_pkg::BoardMemoryBytes;
  assign mem_wgo = w_in_ring || memw_req_o && memw_ack_i && !mem_err_i;
  assign mem_rgo = r_in_ring || memr_req_o && memr_ack_i && !mem_err_i;
  assign mem_werr = w_in_memory ? mem_be != 4'hF || memw_ack_i && mem_err_i : !w_in_ring;
  assign mem_rerr = r_in_memory ? memr_ack_i && mem_err_i : !r_in_ring;
  assign memw_req_o = mem_we && w_in_memory && mem_be == 4'hF;
  assign memw_addr_o = cim_spec_pkg::WindowMemory + {12'b0, mem_waddr} - cim_card_pkg::BoardMemory;
  assign memw_wdata_o = mem_wdata;
  assign memr_req_o = mem_re && r_in_memory;
  assign memr_addr_o = cim_spec_pkg::WindowMemory + {12'b0, mem_raddr} - cim_card_pkg::BoardMemory;

  always_ff @(posedge clk_i) begin
    if (mem_re && (mem_rgo || mem_rerr)) begin
      from_memory_q <= r_in_memory;
      word_q <= mem_rdata_i;
    end
  end

  // Rings and registers.
  logic clear, tail_we, head_we, count_refused;
  logic [31:0] count, request_tail, request_head, response_tail, response_head;
  cim_rings #(.RequestWords(RequestWords), .ResponseWords(ResponseWords)) u_rings (
    .clk_i, .rst_ni, .clear_i(clear), .tail_we_i(tail_we), .head_we_i(head_we), .count_i(count),
    .count_refused_o(count_refused), .request_tail_o(request_tail), .request_head_o(request_head),
    .response_tail_o(response_tail), .response_head_o(response_head),
    .request_we_i(mem_we && w_in_ring), .request_waddr_i(mem_waddr[2+:RequestW]), .request_be_i(mem_be),
    .request_wdata_i(mem_wdata), .response_re_i(mem_re && r_in_ring), .response_raddr_i(mem_raddr[2+:ResponseW]),
    .response_rdata_o(ring_rdata), .rx_valid_o, .rx_ready_i, .rx_data_o, .tx_valid_i, .tx_ready_o, .tx_data_i
  );
  cim_card_regs #(.RequestWords(RequestWords), .ResponseWords(ResponseWords)) u_regs (
    .clk_i, .rst_ni, .req_i(req && to_card), .we_i(we), .addr_i(addr), .wdata_i(wdata), .err_o(card_err),
    .rdata_o(card_rdata), .clear_o(clear), .tail_we_o(tail_we), .head_we_o(head_we), .count_o(count),
    .count_refused_i(count_refused), .request_tail_i(request_tail), .request_head_i(request_head),
    .response_tail_i(response_tail), .response_head_i(response_head), .attention_i,
    .illegal_i(axil_illegal || axi_illegal || req && ack && !to_card && err), .irq_o
  );
  assign flush_o = clear;
endmodule
