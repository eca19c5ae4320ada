// The registers of `tiny` between link and tile: every input that can come, every output that is looked at. What is assumed
// of the tile: it takes a job when it is not busy and is busy in the next cycle; a product, or a saturated conversion, of
// which there are at most 8 a cycle, is counted while it is busy. Shown of cim_tile_in_use as its mutant 65534.
// As mutant 65535 the registers get something else wherever link and tile say nothing, as mutant 65534 what cim_tile_in_use
// and cim_link_in_use assume of them is made so: neither may show.
module cim_regs_in_use (
  input  logic [15:0]  mutsel,
  input  logic [323:0] other_i,
  input  logic         clk_i,
  input  logic         rst_ni,
  input  logic         begin_i,
  input  logic         req_i,
  input  logic         check_i,
  input  logic         we_i,
  input  logic [31:0]  addr_i,
  input  logic [31:0]  wdata_i,
  input  logic [10:0]  error_set_i,
  input  logic         refused_i,
  input  logic [31:0]  refused_addr_i,
  input  logic         tile_busy_i,
  input  logic [31:0]  mem_rdata_i,
  input  logic         product_i,
  input  logic [7:0]   sat_i,
  output logic         rsp_o,
  output logic [3:0]   rsp_status_o,
  output logic [31:0]  rsp_rdata_o,
  output logic         any_error_o,
  output logic         busy_o,
  output logic [23:0]  set_o,
  output logic         job_valid_o,
  output logic [111:0] job_o,
  output logic         mem_req_o,
  output logic         mem_we_o,
  output logic [27:0]  mem_at_o,
  output logic [35:0]  mem_word_o,
  output logic [63:0]  cycle_o
);
  logic other, kept;
  assign other = mutsel == '1;
  assign kept = mutsel == 16'd65534;

  logic [65:0] bus;
  logic [31:0] refused_addr, mem_rdata, rdata;
  assign bus = req_i || !other ? {check_i, we_i, addr_i, we_i || !other ? wdata_i : other_i[97:66]} : other_i[65:0];
  assign refused_addr = refused_i || !other ? refused_addr_i : other_i[129:98];

  logic [3:0] status, sel, be;
  logic [23:0] addr;
  logic [31:0] wdata;
  logic [111:0] job;
  logic we;

  // Registers without Effects look at nothing of theirs.
  logic [80:0] no;
  assign no = other ? other_i[323:243] : other_i[242:162];

  // The tile.
  logic taken_q, busy;
  logic [1:0] read_q, look_q, rsp_q;
  logic busy_q, rsp, mem_req, legal_set, legal_mem;
  logic [23:0] set, set_q;
  assign legal_set = set[4:0] >= 5'd8 && set[4:0] <= 5'd18 && set[9:5] <= 5'd27 && set[13:10] >= 4'd1 && set[13:10] <= 4'd12;
  assign legal_mem = !busy && !job_valid_o && sel <= cim_tile_pkg::SelAdcOffset && !(we &&
      (sel == cim_tile_pkg::SelOutputLo || sel == cim_tile_pkg::SelOutputHi));
  assign rsp_o = kept ? rsp_q[1] : rsp;
  assign set_o = !kept ? set : (busy_q ? set_q : (legal_set ? set : '0));
  assign mem_req_o = mem_req && (!kept || legal_mem);
  assign busy = tile_busy_i || taken_q;
  always_ff @(posedge clk_i) begin
    taken_q <= rst_ni && job_valid_o && !busy;
    rsp_q <= rst_ni ? {rsp_q[0], req_i} : '0;
    busy_q <= rst_ni && busy;
    set_q <= set_o;
    read_q <= rst_ni ? {read_q[0], mem_req_o && !mem_we_o} : '0;
    look_q <= rst_ni ? {look_q[0], req_i && !we_i && !check_i} : '0;   // the answer to a read is looked at, no other
  end
  assign mem_rdata = read_q[1] || !other ? mem_rdata_i : other_i[161:130];

  assign rsp_status_o = rsp_o ? status : '0;
  assign rsp_rdata_o = rsp_o && look_q[1] ? rdata : '0;
  assign job_o = job_valid_o ? job : '0;
  assign mem_we_o = mem_req_o && we;
  assign mem_at_o = mem_req_o ? {sel, addr} : '0;
  assign mem_word_o = mem_we_o ? {be, wdata} : '0;

  cim_regs u_regs (
    .clk_i, .rst_ni, .begin_i, .req_i, .check_i(bus[65]), .we_i(bus[64]), .addr_i(bus[63:32]), .wdata_i(bus[31:0]),
    .rsp_o(rsp), .rsp_status_o(status), .rsp_rdata_o(rdata), .error_set_i, .refused_i, .refused_addr_i(refused_addr),
    .any_error_o, .busy_o, .engine_busy_i(1'b0),
    .lsb_exp_o(set[4:0]), .adc_shift_o(set[9:5]), .adc_bits_o(set[13:10]), .inject_en_o(set[14]),
    .base_o(set[22:15]), .adc_transparent_o(set[23]),
    .self_test_result_i(no[7:0]), .self_test_word_i(no[31:8]), .self_test_ramp_i(no[63:32]),
    .job_valid_o, .job_ready_i(!busy), .job_o(job), .tile_busy_i(busy),
    .mem_req_o(mem_req), .mem_we_o(we), .mem_sel_o(sel), .mem_addr_o(addr), .mem_be_o(be), .mem_wdata_o(wdata),
    .mem_rvalid_i(no[80]), .mem_rdata_i(mem_rdata), .product_i(product_i && busy),
    .sat_i(busy && sat_i <= 8'd8 ? sat_i : 8'd0),
    .clamps_i(no[72:64]), .read_i(no[73]), .pulses_i(no[76:74]), .unverified_i(no[79:77]),
    .cycle_o
  );
endmodule
