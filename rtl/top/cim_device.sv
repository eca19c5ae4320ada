// Registers and tile, a slave of the bus: what a host or a controller programs, whatever leads to it. It only wires.
module cim_device #(
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
  parameter int unsigned Controller = 0,      // 1: there is a core beside it
  parameter logic [31:0] ConfigHash = 32'h0,
  parameter logic [63:0] FirstCycle = 64'd0   // of CYCLES after reset; another value is for tests of the carry
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  // Bus.
  input  logic        begin_i,          // forgets the words checked so far
  input  logic        req_i,
  input  logic        check_i,          // judge the word, change nothing
  input  logic        we_i,
  input  logic [31:0] addr_i,           // byte address
  input  logic [31:0] wdata_i,
  output logic        rsp_o,            // two cycles after the request
  output logic [3:0]  rsp_status_o,
  output logic [31:0] rsp_rdata_o,
  // Events of the link.
  input  logic [10:0] error_set_i,
  input  logic        refused_i,
  input  logic [31:0] refused_addr_i,
  output logic        any_error_o,
  // Layer engine: while it is busy, its jobs, reads and ADC stand in for those of the registers.
  input  logic        engine_busy_i,
  input  logic [31:0] engine_adc_i,     // as the register ADC
  input  logic        engine_job_valid_i,
  output logic        engine_job_ready_o,
  input  logic [111:0] engine_job_i,
  input  logic [31:0] engine_job_read_i,
  input  logic        engine_in_we_i,
  input  logic [15:0] engine_in_addr_i,
  input  logic [31:0] engine_in_wdata_i,
  input  logic        engine_out_re_i,
  input  logic [15:0] engine_out_addr_i,
  output logic [41:0] engine_out_rdata_o,
  output logic        product_o,        // a vector's last result is being written
  output logic        tile_busy_o,
  output logic        busy_o,           // a job, a generation, a self-test or the engine runs
  output logic [63:0] cycle_o           // clock cycles since reset
);
  if (Rows < 4 || Rows > 512 || (1 << $clog2(Rows)) != Rows) begin : gen_illegal_rows
    $fatal(1, "cim_device: Rows must be a power of two, 4 .. 512.");
  end
  if (Cols < 4 || Cols > 256 || (1 << $clog2(Cols)) != Cols) begin : gen_illegal_cols
    $fatal(1, "cim_device: Cols must be a power of two, 4 .. 256.");  // what is below gets 4 then, or its vectors without bits would end elaboration first
  end
  if (Banks < 1 || Banks > 4096 || Banks * Rows * Cols > 1 << 24) begin : gen_illegal_banks
    $fatal(1, "cim_device: Banks must be 1 .. 4096, and there may be at most 2^24 cells.");
  end
  if (InBits != 8) begin : gen_illegal_in_bits
    $fatal(1, "cim_device: InBits must be 8.");
  end
  if (InWords < 2 || InWords < Rows / 4 || InWords > 32768 || (1 << $clog2(InWords)) != InWords) begin : gen_illegal_in
    $fatal(1, "cim_device: InWords must be a power of two, at least 2 and Rows / 4, at most 32768.");
  end
  if (OutWords < 2 || OutWords < Cols / 4 || OutWords > 32768 || (1 << $clog2(OutWords)) != OutWords) begin : gen_illegal_out
    $fatal(1, "cim_device: OutWords must be a power of two, at least 2 and Cols / 4, at most 32768.");
  end
  if (Converters > 2 || (Converters == 0 && (Effects != 0 || Controller != 0))) begin : gen_illegal_converters
    $fatal(1, "cim_device: Converters must be 0, 1 or 2, and with Effects or Controller not 0.");
  end
  if (Effects > 1 || (Effects == 1 && Rows > 256)) begin : gen_illegal_effects
    $fatal(1, "cim_device: Effects must be 0 or 1, and with 1 Rows may be at most 256.");
  end

  logic inject_en, adc_transparent, job_valid, job_ready, tile_busy, product;
  logic [4:0] lsb_exp, adc_shift;
  logic [3:0] adc_bits;
  logic [7:0] base, sat;
  logic [111:0] job, tile_job;
  logic tile_job_valid, tile_transparent;
  logic [4:0] tile_shift;
  logic [3:0] tile_bits;
  logic [31:0] tile_read;
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
    .Rows(Rows), .Cols(Cols < 4 ? 4 : Cols), .Banks(Banks), .InBits(InBits), .InWords(InWords),
    .OutWords(OutWords), .Kept(Kept), .MaxPayload(MaxPayload), .Effects(Effects != 0),
    .Controller(Controller != 0), .ConfigHash(ConfigHash), .FirstCycle(FirstCycle)
  ) u_regs (
    .clk_i, .rst_ni, .begin_i, .req_i, .check_i, .we_i, .addr_i, .wdata_i, .rsp_o, .rsp_status_o, .rsp_rdata_o,
    .error_set_i, .refused_i, .refused_addr_i, .any_error_o, .busy_o, .engine_busy_i,
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

  assign tile_job_valid = engine_busy_i ? engine_job_valid_i : job_valid;
  assign tile_job = engine_busy_i ? engine_job_i : job;
  assign tile_read = engine_busy_i ? engine_job_read_i : job_read;
  assign tile_transparent = engine_busy_i ? engine_adc_i[cim_spec_pkg::AdcTransparentLsb] : adc_transparent;
  assign tile_bits = engine_busy_i ? engine_adc_i[cim_spec_pkg::AdcBitsLsb+:4] : adc_bits;
  assign tile_shift = engine_busy_i ? engine_adc_i[cim_spec_pkg::AdcShiftLsb+:5] : adc_shift;
  assign engine_job_ready_o = job_ready && engine_busy_i;
  assign product_o = product;
  assign tile_busy_o = tile_busy;
  logic unused;
  assign unused = ^engine_adc_i;

  if (Converters == 0) begin : gen_serial
    cim_serial_tile #(
      .Rows(Rows), .Cols(Cols < 4 ? 4 : Cols), .Banks(Banks), .InBits(InBits), .InWords(InWords), .OutWords(OutWords)
    ) u_tile (
      .clk_i, .rst_ni, .inject_en_i(inject_en), .lsb_exp_i(lsb_exp), .base_i(base), .adc_transparent_i(adc_transparent),
      .adc_shift_i(adc_shift), .adc_bits_i(adc_bits), .job_valid_i(job_valid), .job_ready_o(job_ready),
      .job_bank_i(job[0+:16]), .job_rows_i(job[16+:16]), .job_cols_i(job[32+:16]),
      .job_count_i(job[48+:16]), .job_in_i(job[64+:16]), .job_stride_i(job[80+:16]),
      .job_out_i(job[96+:16]), .busy_o(tile_busy),
      .mem_req_i(mem_req), .mem_we_i(mem_we), .mem_sel_i(mem_sel), .mem_addr_i(mem_addr),
      .mem_be_i(mem_be), .mem_wdata_i(mem_wdata), .mem_rvalid_o(mem_rvalid),
      .mem_rdata_o(mem_rdata), .product_o(product), .sat_o(sat)
    );
    assign self_test_result = '0;
    assign self_test_word = '0;
    assign self_test_ramp = '0;
    assign clamps = '0;
    assign row_read = 1'b0;
    assign pulses = '0;
    assign unverified = '0;
    assign engine_out_rdata_o = '0;
    logic unused_serial;
    assign unused_serial = ^{drift_en, drift_loss, stuck_en, noise, noise_seed, noise_cell, noise_slope, attenuation_en,
                             adc_gain_en, adc_inl_en, dac_en, gen_start, gen_seed, gen_sigma, gen_kind, gen_limit,
                             gen_off_rate, gen_on_rate, verify_tolerance, verify_pulses, verify_step, verify_sigma,
                             self_test, tile_job_valid, tile_job, tile_read, tile_transparent, tile_bits, tile_shift,
                             engine_in_we_i, engine_in_addr_i, engine_in_wdata_i, engine_out_re_i, engine_out_addr_i};
  end else begin : gen_tile
    cim_tile #(
      .Rows(Rows), .Cols(Cols < 4 ? 4 : Cols), .Banks(Banks), .InBits(InBits), .InWords(InWords), .OutWords(OutWords),
      .Effects(Effects), .Converters(Converters)
    ) u_tile (
      .clk_i, .rst_ni, .inject_en_i(inject_en), .lsb_exp_i(lsb_exp), .base_i(base),
      .adc_transparent_i(tile_transparent), .adc_shift_i(tile_shift), .adc_bits_i(tile_bits),
      .drift_en_i(drift_en), .drift_loss_i(drift_loss), .stuck_en_i(stuck_en), .noise_i(noise),
      .noise_seed_i(noise_seed), .noise_cell_i(noise_cell), .noise_slope_i(noise_slope), .attenuation_en_i(attenuation_en),
      .adc_gain_en_i(adc_gain_en), .adc_inl_en_i(adc_inl_en), .dac_en_i(dac_en), .job_read_i(tile_read),
      .gen_start_i(gen_start), .gen_seed_i(gen_seed), .gen_sigma_i(gen_sigma), .gen_kind_i(gen_kind),
      .gen_limit_i(gen_limit), .gen_off_rate_i(gen_off_rate), .gen_on_rate_i(gen_on_rate), .verify_tolerance_i(verify_tolerance),
      .verify_pulses_i(verify_pulses), .verify_step_i(verify_step), .verify_sigma_i(verify_sigma), .self_test_i(self_test),
      .self_test_result_o(self_test_result), .self_test_word_o(self_test_word), .self_test_ramp_o(self_test_ramp),
      .job_valid_i(tile_job_valid), .job_ready_o(job_ready),
      .job_bank_i(tile_job[0+:16]), .job_rows_i(tile_job[16+:16]), .job_cols_i(tile_job[32+:16]),
      .job_count_i(tile_job[48+:16]), .job_in_i(tile_job[64+:16]), .job_stride_i(tile_job[80+:16]),
      .job_out_i(tile_job[96+:16]), .busy_o(tile_busy),
      .mem_req_i(mem_req), .mem_we_i(mem_we), .mem_sel_i(mem_sel), .mem_addr_i(mem_addr),
      .mem_be_i(mem_be), .mem_wdata_i(mem_wdata), .mem_rvalid_o(mem_rvalid),
      .mem_rdata_o(mem_rdata),
      .eng_in_we_i(engine_in_we_i), .eng_in_addr_i(engine_in_addr_i), .eng_in_wdata_i(engine_in_wdata_i),
      .eng_out_re_i(engine_out_re_i), .eng_out_addr_i(engine_out_addr_i), .eng_out_rdata_o(engine_out_rdata_o),
      .product_o(product), .sat_o(sat), .clamps_o(clamps), .read_o(row_read), .pulses_o(pulses),
      .unverified_o(unverified)
    );
  end
endmodule
