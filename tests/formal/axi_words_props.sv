// cim_axi_words between any legal master of bursts and memories that know some addresses: the channels keep AXI's rules, a
// burst touches its words in order, once, and says whether all of it was served.
module axi_words_props #(
  parameter int unsigned Fault = 0,  // planted: 1 a bit of a word's address, 2 an error is lost, 3 a response's number
  localparam int unsigned AddrW = 13,
  localparam int unsigned IdW = 2
) (
  input logic             clk_i,
  input logic             rst_ni,
  input logic             awvalid_i,
  input logic [IdW-1:0]   awid_i,
  input logic [AddrW-1:0] awaddr_i,
  input logic [7:0]       awlen_i,
  input logic [2:0]       awsize_i,
  input logic [1:0]       awburst_i,
  input logic             wvalid_i,
  input logic [31:0]      wdata_i,
  input logic [3:0]       wstrb_i,
  input logic             bready_i,
  input logic             arvalid_i,
  input logic [IdW-1:0]   arid_i,
  input logic [AddrW-1:0] araddr_i,
  input logic [7:0]       arlen_i,
  input logic [2:0]       arsize_i,
  input logic [1:0]       arburst_i,
  input logic             rready_i,
  input logic             wgo_i,
  input logic             werr_i,
  input logic             rgo_i,
  input logic             rerr_i,
  input logic [31:0]      rdata_i
);
  logic awready, wready, wlast, bvalid, arready, rvalid, rlast, we, re, illegal;
  logic [IdW-1:0] bid, rid;
  logic [1:0] bresp, rresp;
  logic [3:0] be;
  logic [31:0] wdata, rdata, memory_q;
  logic [AddrW-1:0] waddr, raddr;

  // The memory's word stays until the next read.
  always_ff @(posedge clk_i) if (re && rgo_i && !rerr_i) memory_q <= rdata_i;

  cim_axi_words #(.AddrW(AddrW), .IdW(IdW)) u_dut (
    .clk_i, .rst_ni, .s_axi_awvalid_i(awvalid_i), .s_axi_awready_o(awready), .s_axi_awid_i(awid_i),
    .s_axi_awaddr_i(Fault == 1 ? awaddr_i ^ AddrW'(8) : awaddr_i), .s_axi_awlen_i(awlen_i), .s_axi_awsize_i(awsize_i),
    .s_axi_awburst_i(awburst_i), .s_axi_wvalid_i(wvalid_i), .s_axi_wready_o(wready), .s_axi_wdata_i(wdata_i),
    .s_axi_wstrb_i(wstrb_i), .s_axi_wlast_i(wlast), .s_axi_bvalid_o(bvalid), .s_axi_bready_i(bready_i),
    .s_axi_bid_o(bid), .s_axi_bresp_o(bresp), .s_axi_arvalid_i(arvalid_i), .s_axi_arready_o(arready),
    .s_axi_arid_i(Fault == 3 ? ~arid_i : arid_i), .s_axi_araddr_i(araddr_i), .s_axi_arlen_i(arlen_i),
    .s_axi_arsize_i(arsize_i), .s_axi_arburst_i(arburst_i), .s_axi_rvalid_o(rvalid), .s_axi_rready_i(rready_i),
    .s_axi_rid_o(rid), .s_axi_rdata_o(rdata), .s_axi_rresp_o(rresp), .s_axi_rlast_o(rlast),
    .we_o(we), .waddr_o(waddr), .be_o(be), .wdata_o(wdata), .wgo_i(wgo_i || Fault == 2), .werr_i(werr_i && Fault != 2), .re_o(re),
    .raddr_o(raddr), .rgo_i, .rerr_i, .rdata_i(memory_q), .illegal_o(illegal)
  );

  function automatic logic served(input logic [AddrW-1:0] addr, input logic [2:0] size, input logic [1:0] burst);
    served = burst == 2'b01 && size == 3'd2 && addr[1:0] == '0;
  endfunction

  // The write burst under way: words left, the next address, whether all went well.
  logic w_open_q, b_due_q, w_good_q, w_served_q, w_take;
  logic [8:0] w_left_q;
  logic [AddrW-1:0] w_addr_q;
  logic [IdW-1:0] w_id_q;
  assign w_take = wvalid_i && wready;
  assign wlast = w_left_q == 9'd1;
  always_ff @(posedge clk_i) begin
    if (awvalid_i && awready) begin
      w_left_q <= 9'(awlen_i) + 9'd1;
      w_addr_q <= awaddr_i;
      w_id_q <= awid_i;
      w_served_q <= served(awaddr_i, awsize_i, awburst_i);
      w_good_q <= 1'b1;
    end else if (w_take) begin
      w_left_q <= w_left_q - 9'd1;
      w_addr_q <= w_addr_q + AddrW'(4);
      w_good_q <= w_good_q && w_served_q && !werr_i;
    end
    w_open_q <= rst_ni && (awvalid_i && awready || w_open_q && !(w_take && wlast));
    b_due_q <= rst_ni && (w_take && wlast || b_due_q && !(bvalid && bready_i));
  end

  // The read burst under way: words still to read, words still to take.
  logic r_open_q, r_served_q, r_good_q;
  logic [8:0] r_left_q, r_unread_q;
  logic [AddrW-1:0] r_addr_q;
  logic [IdW-1:0] r_id_q;
  logic [31:0] r_word_q;
  logic r_free, r_step;
  assign r_free = r_open_q && r_unread_q != '0 && (!rvalid || rready_i);
  assign r_step = r_free && (!r_served_q || rgo_i || rerr_i);
  always_ff @(posedge clk_i) begin
    if (arvalid_i && arready) begin
      r_left_q <= 9'(arlen_i) + 9'd1;
      r_unread_q <= 9'(arlen_i) + 9'd1;
      r_addr_q <= araddr_i;
      r_id_q <= arid_i;
      r_served_q <= served(araddr_i, arsize_i, arburst_i);
    end else begin
      if (rvalid && rready_i) r_left_q <= r_left_q - 9'd1;
      if (r_step) begin
        r_unread_q <= r_unread_q - 9'd1;
        r_addr_q <= r_addr_q + AddrW'(4);
        r_good_q <= r_served_q && !rerr_i;
        r_word_q <= rdata_i;
      end
    end
    r_open_q <= rst_ni && (arvalid_i && arready || r_open_q && !(rvalid && rready_i && r_left_q == 9'd1));
  end

  // A master that waits keeps what it offers.
  logic last_q, aw_waits_q, ar_waits_q, b_waits_q, r_waits_q;
  logic [1:0] rresp_q;
  logic [31:0] rdata_q;
  logic [AddrW+IdW+12:0] aw_q, ar_q;
  always_ff @(posedge clk_i) begin
    last_q <= rst_ni;
    aw_waits_q <= awvalid_i && !awready;
    ar_waits_q <= arvalid_i && !arready;
    aw_q <= {awid_i, awaddr_i, awlen_i, awsize_i, awburst_i};
    ar_q <= {arid_i, araddr_i, arlen_i, arsize_i, arburst_i};
    b_waits_q <= bvalid && !bready_i;
    r_waits_q <= rvalid && !rready_i;
    rresp_q <= rresp;
    rdata_q <= rdata;
  end

  always_comb begin
    if ($initstate) assume (!rst_ni);
    if (last_q && aw_waits_q) assume (awvalid_i && aw_q == {awid_i, awaddr_i, awlen_i, awsize_i, awburst_i});
    if (last_q && ar_waits_q) assume (arvalid_i && ar_q == {arid_i, araddr_i, arlen_i, arsize_i, arburst_i});
    if (!$initstate && rst_ni) begin
      WordsOfABurst_A : assert (wready == (w_open_q && (!w_served_q || wgo_i || werr_i)));
      OneWriteBurst_A : assert (!awready || !w_open_q && !b_due_q);
      Write_A : assert (we == (wvalid_i && w_open_q && w_served_q));
      WriteWord_A : assert (!we || waddr == w_addr_q && wdata == wdata_i && be == wstrb_i);
      WriteAnswered_A : assert (bvalid == b_due_q);
      WriteAnswer_A : assert (!bvalid || bid == w_id_q && bresp == {!w_good_q, 1'b0});
      OneReadBurst_A : assert (!arready || !r_open_q);
      Read_A : assert (re == (r_free && r_served_q));
      ReadAddress_A : assert (!re || raddr == r_addr_q);
      ReadAnswered_A : assert (!r_open_q || r_left_q == r_unread_q + 9'(rvalid));
      ReadOfABurst_A : assert (!rvalid || r_open_q);
      ReadAnswer_A : assert (!rvalid || rid == r_id_q && rresp == {!r_good_q, 1'b0} && rlast == (r_left_q == 9'd1));
      ReadWord_A : assert (!rvalid || rdata == (r_good_q ? r_word_q : 32'hFFFF_FFFF));
      Illegal_A : assert (illegal == (w_take && (!w_served_q || werr_i) || r_step && (!r_served_q || rerr_i)));
      if (last_q) begin
        WriteStays_A : assert (!b_waits_q || bvalid);
        ReadStays_A : assert (!r_waits_q || rvalid && rresp == rresp_q && rdata == rdata_q);
      end
    end
    Burst_C : cover (!$initstate && rst_ni && rvalid && rready_i && rlast && r_good_q && rid == 2'd3 && bvalid && w_good_q);
  end
endmodule
