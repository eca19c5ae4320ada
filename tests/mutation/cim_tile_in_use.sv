// The tile of `tiny` as cim_regs uses it: every input that can come, every output that is looked at. What is assumed:
//   settings legal, constant while busy; memories only while idle, windows that exist, results not written
//                 shown of cim_regs_in_use as its mutant 65534, and by tests/formal/regs_props.sv
//   a legal job   JobRowsInRange_A and its like in cim_tile_ctrl; tests/formal/job_props.sv
// As mutant 65535 the tile gets something else wherever its user says nothing, as mutant 65534 what cim_regs_in_use assumes
// of it is made so: neither may show.
module cim_tile_in_use #(
  parameter int unsigned Rows = 16,
  parameter int unsigned Cols = 4,
  parameter int unsigned Banks = 4
) (
  input  logic [15:0]  mutsel,
  input  logic [681:0] other_i,
  input  logic         clk_i,
  input  logic         rst_ni,
  input  logic [23:0]  setting_i,      // to be set if legal
  input  logic         job_valid_i,
  input  logic [111:0] job_i,
  input  logic         mem_req_i,
  input  logic         mem_we_i,
  input  logic [3:0]   mem_sel_i,
  input  logic [23:0]  mem_addr_i,
  input  logic [3:0]   mem_be_i,
  input  logic [31:0]  mem_wdata_i,
  output logic         job_ready_o,
  output logic         busy_o,
  output logic [31:0]  mem_rdata_o,
  output logic         product_o,
  output logic [7:0]   sat_o
);
  logic other, kept;
  assign other = mutsel == '1;
  assign kept = mutsel == 16'd65534;

  logic job_valid, busy, ready, product, taken_q;
  logic [7:0] sat;
  always_ff @(posedge clk_i) taken_q <= rst_ni && job_valid && !busy;
  assign busy_o = busy || (kept && taken_q);
  assign job_ready_o = kept ? !busy : ready;
  assign product_o = product && (!kept || busy);
  assign sat_o = kept && (!busy || sat > 8'd8) ? '0 : sat;

  // {transparent, base, inject, adc_bits, adc_shift, lsb_exp}
  logic [23:0] set_q;
  logic legal;
  assign legal = setting_i[4:0] >= 5'd8 && setting_i[4:0] <= 5'd18 && setting_i[9:5] <= 5'd27 && setting_i[13:10] >= 4'd1 &&
      setting_i[13:10] <= 4'd12;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) set_q <= legal ? setting_i : {10'd0, 4'd8, 5'd0, 5'd8};
    else if (legal && !busy) set_q <= setting_i;
  end

  logic mem_req, mem_we;
  logic [111:0] job;
  logic [15:0] bank, rows, cols;
  assign {cols, rows, bank} = job_i[47:0];
  assign job_valid = job_valid_i && bank < 16'(Banks) && rows != '0 && rows <= 16'(Rows) && cols != '0 &&
      cols <= 16'(Cols) && cols[1:0] == '0 && job_i[48+:16] != '0;
  assign job = job_valid || !other ? job_i : other_i[176:65];

  assign mem_req = mem_req_i && !busy && !job_valid && mem_sel_i <= cim_tile_pkg::SelAdcOffset && !(mem_we_i &&
      (mem_sel_i == cim_tile_pkg::SelOutputLo || mem_sel_i == cim_tile_pkg::SelOutputHi));
  logic [64:0] mem;
  assign mem = other && !mem_req ? other_i[64:0] : {mem_we_i, mem_sel_i, mem_addr_i,
      other && !mem_we_i ? other_i[35:0] : {mem_be_i, mem_wdata_i}};
  assign mem_we = mem[64];

  // A tile without Effects looks at nothing of theirs, without a layer engine at none of its addresses.
  logic [504:0] no;
  assign no = other ? other_i[681:177] : '0;

  logic unused_rvalid;   // nobody looks at it but assertions
  logic [31:0] rdata;
  logic [1:0] read_q;   // the answer to a read is looked at, no other
  always_ff @(posedge clk_i) read_q <= rst_ni ? {read_q[0], mem_req && !mem_we} : '0;
  assign mem_rdata_o = read_q[1] ? rdata : '0;

  cim_tile u_tile (
    .clk_i, .rst_ni,
    .lsb_exp_i(set_q[4:0]), .adc_shift_i(set_q[9:5]), .adc_bits_i(set_q[13:10]), .inject_en_i(set_q[14]),
    .base_i(set_q[22:15]), .adc_transparent_i(set_q[23]),
    .drift_en_i(no[0]), .drift_loss_i(no[1+:64]), .stuck_en_i(no[65]), .noise_i(no[66+:2]), .noise_seed_i(no[68+:64]),
    .noise_cell_i(no[132+:24]), .noise_slope_i(no[156+:24]), .attenuation_en_i(no[180]), .adc_gain_en_i(no[181]),
    .adc_inl_en_i(no[182]), .dac_en_i(no[183]), .gen_start_i(no[184+:2]), .gen_seed_i(no[186+:64]),
    .gen_sigma_i(no[250+:64]), .gen_kind_i(no[314+:2]), .gen_limit_i(no[316+:12]), .gen_off_rate_i(no[328+:16]),
    .gen_on_rate_i(no[344+:16]), .verify_tolerance_i(no[360+:7]), .verify_pulses_i(no[367+:8]),
    .verify_step_i(no[375+:16]), .verify_sigma_i(no[391+:16]), .self_test_i(no[407+:2]), .job_read_i(no[409+:32]),
    .eng_in_we_i(1'b0), .eng_in_addr_i(no[441+:16]), .eng_in_wdata_i(no[457+:32]), .eng_out_re_i(1'b0),
    .eng_out_addr_i(no[489+:16]),
    .job_valid_i(job_valid), .job_ready_o(ready), .job_bank_i(job[0+:16]), .job_rows_i(job[16+:16]), .job_cols_i(job[32+:16]),
    .job_count_i(job[48+:16]), .job_in_i(job[64+:16]), .job_stride_i(job[80+:16]), .job_out_i(job[96+:16]), .busy_o(busy),
    .mem_req_i(mem_req), .mem_we_i(mem_we), .mem_sel_i(mem[63:60]), .mem_addr_i(mem[59:36]), .mem_be_i(mem[35:32]),
    .mem_wdata_i(mem[31:0]), .mem_rvalid_o(unused_rvalid), .mem_rdata_o(rdata), .product_o(product), .sat_o(sat)
  );
endmodule
