// The whole device, independent of any board: host link (UART pins or a stream of words), registers, tile. It only wires.
module cim_top #(
  parameter int unsigned Rows = 16,
  parameter int unsigned Cols = 4,
  parameter int unsigned Banks = 4,
  parameter int unsigned InBits = 8,
  parameter int unsigned InWords = 64,
  parameter int unsigned OutWords = 64,
  parameter int unsigned Kept = 2,
  parameter int unsigned MaxPayload = 32,
  parameter int unsigned Effects = 0,         // 1: the device model beyond offsets
  parameter int unsigned ClksPerBit = 4,
  parameter logic [31:0] ConfigHash = 32'h0
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        link_sel_i,       // 0 UART, 1 stream; a change drops what is half-way
  input  logic        uart_rx_i,
  output logic        uart_tx_o,
  input  logic        stream_rx_valid_i,
  output logic        stream_rx_ready_o,
  input  logic [31:0] stream_rx_data_i,
  output logic        stream_tx_valid_o,
  input  logic        stream_tx_ready_i,
  output logic [31:0] stream_tx_data_o,
  output logic        busy_o,           // a job runs
  output logic        link_idle_o,      // no frame is received, executed or sent
  output logic [63:0] cycle_o           // clock cycles since reset
);
  if (Rows < 4 || Rows > 512 || (1 << $clog2(Rows)) != Rows) begin : gen_illegal_rows
    $fatal(1, "cim_top: Rows must be a power of two, 4 .. 512.");
  end
  if (Cols < 4 || Cols > 256 || (1 << $clog2(Cols)) != Cols) begin : gen_illegal_cols
    $fatal(1, "cim_top: Cols must be a power of two, 4 .. 256.");
  end
  if (Banks < 1 || Banks > 4096 || Banks * Rows * Cols > 1 << 24) begin : gen_illegal_banks
    $fatal(1, "cim_top: Banks must be 1 .. 4096, and there may be at most 2^24 cells.");
  end
  if (InBits != 8) begin : gen_illegal_in_bits
    $fatal(1, "cim_top: InBits must be 8.");
  end
  if (InWords < 2 || InWords < Rows / 4 || InWords > 32768 || (1 << $clog2(InWords)) != InWords) begin : gen_illegal_in
    $fatal(1, "cim_top: InWords must be a power of two, at least 2 and Rows / 4, at most 32768.");
  end
  if (OutWords < 2 || OutWords < Cols / 4 || OutWords > 32768 || (1 << $clog2(OutWords)) != OutWords) begin : gen_illegal_out
    $fatal(1, "cim_top: OutWords must be a power of two, at least 2 and Cols / 4, at most 32768.");
  end

  if (Effects > 1 || (Effects == 1 && Rows > 256)) begin : gen_illegal_effects
    $fatal(1, "cim_top: Effects must be 0 or 1, and with 1 Rows may be at most 256.");
  end

  // Which link.
  logic sel_q, flush;
  always_ff @(posedge clk_i) sel_q <= link_sel_i;
  assign flush = sel_q != link_sel_i;

  logic rx_valid, rx_ready, hunting, tx_valid, tx_ready, link_idle;
  logic [31:0] rx_data, tx_data;
  logic uart_idle, uart_rx_valid, uart_tx_ready, uart_frame_error, uart_overflow;
  logic [31:0] uart_rx_data;

  cim_uart_words #(.ClksPerBit(ClksPerBit), .Bytes(1 << $clog2(8 * (MaxPayload + 8)))) u_uart (
    .clk_i, .rst_ni, .flush_i(flush), .rx_i(uart_rx_i || sel_q), .tx_o(uart_tx_o),
    .idle_o(uart_idle), .hunting_i(hunting),
    .rx_valid_o(uart_rx_valid), .rx_ready_i(rx_ready && !sel_q), .rx_data_o(uart_rx_data),
    .tx_valid_i(tx_valid && !sel_q), .tx_ready_o(uart_tx_ready), .tx_data_i(tx_data),
    .frame_error_o(uart_frame_error), .overflow_o(uart_overflow)
  );

  assign rx_valid = (sel_q ? stream_rx_valid_i : uart_rx_valid) && !flush;
  assign rx_data = sel_q ? stream_rx_data_i : uart_rx_data;
  assign stream_rx_ready_o = sel_q && rx_ready && !flush;
  assign stream_tx_valid_o = sel_q && tx_valid;
  assign stream_tx_data_o = tx_data;
  assign tx_ready = sel_q ? stream_tx_ready_i : uart_tx_ready;
  assign link_idle_o = link_idle && uart_idle && !flush;

  // Link and registers.
  logic begin_check, req, req_check, req_we, rsp, any_error, refused;
  logic [31:0] req_addr, req_wdata, rsp_rdata, refused_addr;
  logic [3:0] rsp_status;
  logic [10:0] link_errors, error_set;

  cim_link #(.Kept(Kept), .MaxPayload(MaxPayload)) u_link (
    .clk_i, .rst_ni, .flush_i(flush), .idle_o(link_idle),
    .rx_valid_i(rx_valid), .rx_ready_o(rx_ready), .rx_data_i(rx_data), .rx_hunting_o(hunting),
    .tx_valid_o(tx_valid), .tx_ready_i(tx_ready), .tx_data_o(tx_data),
    .begin_o(begin_check), .req_o(req), .req_check_o(req_check), .req_we_o(req_we),
    .req_addr_o(req_addr), .req_wdata_o(req_wdata), .rsp_i(rsp), .rsp_status_i(rsp_status),
    .rsp_rdata_i(rsp_rdata),
    .busy_i(busy_o), .any_error_i(any_error), .error_set_o(link_errors), .refused_o(refused),
    .refused_addr_o(refused_addr)
  );

  always_comb begin
    error_set = link_errors;
    error_set[cim_spec_pkg::ErrorUartFrameLsb] = uart_frame_error;
    error_set[cim_spec_pkg::ErrorRxOverflowLsb] = uart_overflow;
  end

  logic inject_en, adc_transparent, job_valid, job_ready, tile_busy, product;
  logic [4:0] lsb_exp, adc_shift;
  logic [3:0] adc_bits;
  logic [7:0] base, sat;
  logic [111:0] job;
  logic [7:0] self_test_result;
  logic [23:0] self_test_word;
  logic [31:0] self_test_ramp;
  logic [8:0] clamps;
  logic row_read;
  logic [2:0] pulses, unverified;
  logic drift_en;
  logic [63:0] drift_loss;
  logic stuck_en;
  logic [1:0] noise;
  logic [63:0] noise_seed;
  logic [23:0] noise_cell;
  logic [23:0] noise_slope;
  logic attenuation_en;
  logic adc_gain_en;
  logic adc_inl_en;
  logic dac_en;
  logic [31:0] job_read;
  logic [1:0] gen_start;
  logic [63:0] gen_seed;
  logic [63:0] gen_sigma;
  logic [1:0] gen_kind;
  logic [11:0] gen_limit;
  logic [15:0] gen_off_rate;
  logic [15:0] gen_on_rate;
  logic [6:0] verify_tolerance;
  logic [7:0] verify_pulses;
  logic [15:0] verify_step;
  logic [15:0] verify_sigma;
  logic [1:0] self_test;
  logic mem_req, mem_we, mem_rvalid;
  logic [3:0] mem_sel;
  logic [23:0] mem_addr;
  logic [3:0] mem_be;
  logic [31:0] mem_wdata, mem_rdata;

  cim_regs #(
    .Rows(Rows), .Cols(Cols), .Banks(Banks), .InBits(InBits), .InWords(InWords),
    .OutWords(OutWords), .Kept(Kept), .MaxPayload(MaxPayload), .Effects(Effects != 0),
    .ConfigHash(ConfigHash)
  ) u_regs (
    .clk_i, .rst_ni, .begin_i(begin_check), .req_i(req), .check_i(req_check), .we_i(req_we),
    .addr_i(req_addr), .wdata_i(req_wdata), .rsp_o(rsp), .rsp_status_o(rsp_status),
    .rsp_rdata_o(rsp_rdata),
    .error_set_i(error_set), .refused_i(refused), .refused_addr_i(refused_addr),
    .any_error_o(any_error), .busy_o,
    .inject_en_o(inject_en), .lsb_exp_o(lsb_exp), .base_o(base),
    .adc_transparent_o(adc_transparent), .adc_shift_o(adc_shift), .adc_bits_o(adc_bits),
    .drift_en_o(drift_en), .drift_loss_o(drift_loss), .stuck_en_o(stuck_en), .noise_o(noise),
    .noise_seed_o(noise_seed), .noise_cell_o(noise_cell), .noise_slope_o(noise_slope), .attenuation_en_o(attenuation_en),
    .adc_gain_en_o(adc_gain_en), .adc_inl_en_o(adc_inl_en), .dac_en_o(dac_en), .job_read_o(job_read),
    .gen_start_o(gen_start), .gen_seed_o(gen_seed), .gen_sigma_o(gen_sigma), .gen_kind_o(gen_kind),
    .gen_limit_o(gen_limit), .gen_off_rate_o(gen_off_rate), .gen_on_rate_o(gen_on_rate), .verify_tolerance_o(verify_tolerance),
    .verify_pulses_o(verify_pulses), .verify_step_o(verify_step), .verify_sigma_o(verify_sigma), .self_test_o(self_test),
    .self_test_result_i(self_test_result), .self_test_word_i(self_test_word), .self_test_ramp_i(self_test_ramp),
    .job_valid_o(job_valid), .job_ready_i(job_ready), .job_o(job), .tile_busy_i(tile_busy),
    .mem_req_o(mem_req), .mem_we_o(mem_we), .mem_sel_o(mem_sel), .mem_addr_o(mem_addr),
    .mem_be_o(mem_be), .mem_wdata_o(mem_wdata), .mem_rvalid_i(mem_rvalid),
    .mem_rdata_i(mem_rdata), .product_i(product), .sat_i(sat),
    .clamps_i(clamps), .read_i(row_read), .pulses_i(pulses), .unverified_i(unverified), .cycle_o
  );

  cim_tile #(
    .Rows(Rows), .Cols(Cols), .Banks(Banks), .InBits(InBits), .InWords(InWords), .OutWords(OutWords),
    .Effects(Effects)
  ) u_tile (
    .clk_i, .rst_ni, .inject_en_i(inject_en), .lsb_exp_i(lsb_exp), .base_i(base),
    .adc_transparent_i(adc_transparent), .adc_shift_i(adc_shift), .adc_bits_i(adc_bits),
    .drift_en_i(drift_en), .drift_loss_i(drift_loss), .stuck_en_i(stuck_en), .noise_i(noise),
    .noise_seed_i(noise_seed), .noise_cell_i(noise_cell), .noise_slope_i(noise_slope), .attenuation_en_i(attenuation_en),
    .adc_gain_en_i(adc_gain_en), .adc_inl_en_i(adc_inl_en), .dac_en_i(dac_en), .job_read_i(job_read),
    .gen_start_i(gen_start), .gen_seed_i(gen_seed), .gen_sigma_i(gen_sigma), .gen_kind_i(gen_kind),
    .gen_limit_i(gen_limit), .gen_off_rate_i(gen_off_rate), .gen_on_rate_i(gen_on_rate), .verify_tolerance_i(verify_tolerance),
    .verify_pulses_i(verify_pulses), .verify_step_i(verify_step), .verify_sigma_i(verify_sigma), .self_test_i(self_test),
    .self_test_result_o(self_test_result), .self_test_word_o(self_test_word), .self_test_ramp_o(self_test_ramp),
    .job_valid_i(job_valid), .job_ready_o(job_ready),
    .job_bank_i(job[0+:16]), .job_rows_i(job[16+:16]), .job_cols_i(job[32+:16]),
    .job_count_i(job[48+:16]), .job_in_i(job[64+:16]), .job_stride_i(job[80+:16]),
    .job_out_i(job[96+:16]), .busy_o(tile_busy),
    .mem_req_i(mem_req), .mem_we_i(mem_we), .mem_sel_i(mem_sel), .mem_addr_i(mem_addr),
    .mem_be_i(mem_be), .mem_wdata_i(mem_wdata), .mem_rvalid_o(mem_rvalid),
    .mem_rdata_o(mem_rdata), .product_o(product), .sat_o(sat), .clamps_o(clamps), .read_o(row_read), .pulses_o(pulses),
    .unverified_o(unverified)
  );
endmodule
