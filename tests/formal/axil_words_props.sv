// cim_axil_words between any legal master and any slave: the channels keep AXI's rules, every access is carried out once,
// as it was asked for, and answered as it ended, within a bounded time.
module axil_words_props #(
  parameter int unsigned Fault = 0,  // planted: 1 a bit of the word, 2 an error is lost, 3 a response is withdrawn
  localparam int unsigned AddrW = 4
) (
  input logic             clk_i,
  input logic             rst_ni,
  input logic             awvalid_i,
  input logic [AddrW-1:0] awaddr_i,
  input logic             wvalid_i,
  input logic [31:0]      wdata_i,
  input logic [3:0]       wstrb_i,
  input logic             bready_i,
  input logic             arvalid_i,
  input logic [AddrW-1:0] araddr_i,
  input logic             rready_i,
  input logic             ack_i,
  input logic             err_i,
  input logic [31:0]      rdata_i
);
  localparam int unsigned Patience = 3;  // cycles after which master and slave answer
  localparam int unsigned Longest = 4 * (Patience + 2);
  logic awready, wready, bvalid, arready, rvalid, req, we, illegal, dut_bvalid;
  logic [1:0] bresp, rresp;
  logic [31:0] rdata, wdata;
  logic [AddrW-1:0] addr;

  cim_axil_words #(.AddrW(AddrW)) u_dut (
    .clk_i, .rst_ni, .s_axil_awvalid_i(awvalid_i), .s_axil_awready_o(awready), .s_axil_awaddr_i(awaddr_i),
    .s_axil_wvalid_i(wvalid_i), .s_axil_wready_o(wready),
    .s_axil_wdata_i(Fault == 1 ? wdata_i ^ 32'd1 : wdata_i), .s_axil_wstrb_i(wstrb_i),
    .s_axil_bvalid_o(dut_bvalid), .s_axil_bready_i(bready_i), .s_axil_bresp_o(bresp),
    .s_axil_arvalid_i(arvalid_i), .s_axil_arready_o(arready), .s_axil_araddr_i(araddr_i), .s_axil_rvalid_o(rvalid),
    .s_axil_rready_i(rready_i), .s_axil_rdata_o(rdata), .s_axil_rresp_o(rresp),
    .req_o(req), .we_o(we), .addr_o(addr), .wdata_o(wdata), .ack_i, .err_i(err_i && Fault != 2), .rdata_i,
    .illegal_o(illegal)
  );
  assign bvalid = dut_bvalid && !(Fault == 3 && ack_i);

  // What has been asked for and not begun to be answered, and what the answer has to be.
  logic aw_q, w_q, ar_q, b_due_q, r_due_q, w_done, r_done, w_whole, r_whole;
  logic [AddrW-1:0] awaddr_q, araddr_q;
  logic [31:0] wdata_q, rdata_q;
  logic [3:0] wstrb_q;
  logic b_error_q, r_error_q;
  assign w_whole = awaddr_q[1:0] == '0 && wstrb_q == 4'hF;
  assign r_whole = araddr_q[1:0] == '0;
  assign w_done = req && we && ack_i;
  assign r_done = req && !we && ack_i;
  always_ff @(posedge clk_i) begin
    if (awvalid_i && awready) awaddr_q <= awaddr_i;
    if (wvalid_i && wready) begin
      wdata_q <= wdata_i;
      wstrb_q <= wstrb_i;
    end
    if (arvalid_i && arready) araddr_q <= araddr_i;
    if (w_done) b_error_q <= err_i;
    if (r_done) r_error_q <= err_i;
    if (r_done) rdata_q <= rdata_i;
    if (!rst_ni) begin
      aw_q <= 1'b0;
      w_q <= 1'b0;
      ar_q <= 1'b0;
      b_due_q <= 1'b0;
      r_due_q <= 1'b0;
    end else begin
      aw_q <= awvalid_i && awready || aw_q && !(bvalid && bready_i);
      w_q <= wvalid_i && wready || w_q && !(bvalid && bready_i);
      ar_q <= arvalid_i && arready || ar_q && !(rvalid && rready_i);
      b_due_q <= w_done || b_due_q && !(bvalid && bready_i);
      r_due_q <= r_done || r_due_q && !(rvalid && rready_i);
    end
  end

  // The master of one access at a time in each direction; several are covered by the simulation.
  logic [4:0] w_wait_q, r_wait_q;
  logic [2:0] ack_wait_q, b_wait_q, r_hold_q;
  always_ff @(posedge clk_i) begin
    w_wait_q <= rst_ni && aw_q && w_q ? w_wait_q + 1'b1 : '0;
    r_wait_q <= rst_ni && ar_q ? r_wait_q + 1'b1 : '0;
    ack_wait_q <= rst_ni && req && !ack_i ? ack_wait_q + 1'b1 : '0;
    b_wait_q <= rst_ni && dut_bvalid && !bready_i ? b_wait_q + 1'b1 : '0;
    r_hold_q <= rst_ni && rvalid && !rready_i ? r_hold_q + 1'b1 : '0;
  end

  always_comb begin
    if ($initstate) assume (!rst_ni);
    if (aw_q) assume (!awvalid_i);
    if (w_q) assume (!wvalid_i);
    if (ar_q) assume (!arvalid_i);
    assume (32'(ack_wait_q) < Patience || ack_i);
    assume (32'(b_wait_q) < Patience || bready_i);
    assume (32'(r_hold_q) < Patience || rready_i);
    if (!$initstate && rst_ni) begin
      NothingUnasked_A : assert (!(req && we) || aw_q && w_q && !b_due_q);
      NothingUnread_A : assert (!(req && !we) || ar_q && !r_due_q);
      Write_A : assert (!(req && we) || addr == awaddr_q && wdata == wdata_q && w_whole);
      Read_A : assert (!(req && !we) || addr == araddr_q && r_whole);
      WriteAnswered_A : assert (!bvalid || aw_q && w_q && (b_due_q || !w_whole));
      ReadAnswered_A : assert (!rvalid || ar_q && (r_due_q || !r_whole));
      WriteAnswer_A : assert (!bvalid || bresp == (b_due_q ? {b_error_q, 1'b0} : {wstrb_q != '0, 1'b0}));
      ReadAnswer_A : assert (!rvalid || rresp == {!r_due_q || r_error_q, 1'b0});
      ReadWord_A : assert (!rvalid || rdata == (r_due_q && !r_error_q ? rdata_q : 32'hFFFF_FFFF));
      Illegal_A : assert (!illegal || aw_q && w_q && !w_whole && wstrb_q != '0 || ar_q && !r_whole);
      WriteInTime_A : assert (32'(w_wait_q) < Longest);
      ReadInTime_A : assert (32'(r_wait_q) < Longest);
    end
    Both_C : cover (!$initstate && rst_ni && bvalid && bresp == 2'b10 && rvalid && rresp == 2'b00);
  end

  // What waits does not change.
  logic last_q, b_waits_q, r_waits_q, req_waits_q, we_q;
  logic [1:0] bresp_q, rresp_q;
  logic [31:0] held_rdata_q;
  always_ff @(posedge clk_i) begin
    last_q <= rst_ni;
    b_waits_q <= bvalid && !bready_i;
    r_waits_q <= rvalid && !rready_i;
    req_waits_q <= req && !ack_i;
    we_q <= we;
    bresp_q <= bresp;
    rresp_q <= rresp;
    held_rdata_q <= rdata;
  end
  always_comb begin
    if (!$initstate && rst_ni && last_q) begin
      WriteStays_A : assert (!b_waits_q || bvalid && bresp == bresp_q);
      ReadStays_A : assert (!r_waits_q || rvalid && rresp == rresp_q && rdata == held_rdata_q);
      RequestStays_A : assert (!req_waits_q || req && we == we_q);
    end
  end
endmodule
