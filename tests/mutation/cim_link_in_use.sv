// The link of `tiny`, where it is the only master, between words and registers: every input that can come, every output that
// is looked at. What is assumed of the registers: an answer two cycles after a request (shown of
// cim_regs_in_use as its mutant 65534), and no refusal of what a check let pass (CheckedWordsAreNotRefused_A in cim_link_exec).
// A pass over the words of a frame ends with its last answer; until then the kind of its requests stays (cim_link_burst).
// As mutant 65535 the link gets something else wherever the others say nothing: it may not show.
module cim_link_in_use (
  input  logic [15:0] mutsel,
  input  logic [67:0] other_i,
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        flush_i,
  input  logic        rx_valid_i,
  input  logic [31:0] rx_data_i,
  input  logic        tx_ready_i,
  input  logic [3:0]  rsp_status_i,
  input  logic [31:0] rsp_rdata_i,
  input  logic        busy_i,
  input  logic        any_error_i,
  output logic        idle_o,
  output logic        rx_ready_o,
  output logic        rx_hunting_o,
  output logic        tx_valid_o,
  output logic [31:0] tx_data_o,
  output logic        begin_o,
  output logic        req_o,
  output logic [33:0] req_at_o,
  output logic [31:0] req_wdata_o,
  output logic [10:0] error_set_o,
  output logic        refused_o,
  output logic [31:0] refused_addr_o
);
  logic other;
  assign other = mutsel == '1;

  // The registers.
  logic [1:0] rsp_q, check_q;
  logic rsp, check, we, unused_lock;
  logic [31:0] rx_data, tx_data, addr, wdata, rdata, refused_addr;
  logic [3:0] status;
  always_ff @(posedge clk_i) begin
    rsp_q <= rst_ni ? {rsp_q[0], req_o} : '0;
    check_q <= {check_q[0], check};
  end
  assign rsp = rsp_q[1];
  assign status = rsp || !other ? (check_q[1] ? rsp_status_i : '0) : other_i[67:64];
  assign rdata = (rsp && !check && !we) || !other ? rsp_rdata_i : other_i[63:32];
  assign rx_data = rx_valid_i || !other ? rx_data_i : other_i[31:0];

  assign tx_data_o = tx_valid_o ? tx_data : '0;
  assign req_at_o = req_o ? {check, we, addr} : '0;
  assign req_wdata_o = req_o && we ? wdata : '0;
  assign refused_addr_o = refused_o ? refused_addr : '0;

  cim_link u_link (
    .clk_i, .rst_ni, .flush_i, .idle_o, .rx_valid_i, .rx_ready_o, .rx_data_i(rx_data), .rx_hunting_o,
    .tx_valid_o, .tx_ready_i, .tx_data_o(tx_data), .lock_o(unused_lock), .begin_o, .req_o, .req_check_o(check),
    .req_we_o(we), .req_addr_o(addr), .req_wdata_o(wdata), .rsp_i(rsp), .rsp_status_i(status), .rsp_rdata_i(rdata),
    .busy_i, .any_error_i, .error_set_o, .refused_o, .refused_addr_o(refused_addr)
  );
endmodule
