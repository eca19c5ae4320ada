// The registers behind the bus: identity, settings, job, errors, counters, and the way to the tile's memories.
// Every request is answered two cycles later, in order, one a cycle; a check changes nothing outside the staged job.
module cim_regs #(
  parameter int unsigned Rows = 16,
  parameter int unsigned Cols = 4,
  parameter int unsigned Banks = 4,
  parameter int unsigned InBits = 8,
  parameter int unsigned InWords = 64,
  parameter int unsigned OutWords = 64,
  parameter int unsigned Kept = 2,
  parameter int unsigned MaxPayload = 32,
  parameter bit Effects = 1'b0,
  parameter bit Controller = 1'b0,    // FEATURES says so; its registers are elsewhere
  parameter logic [31:0] ConfigHash = 32'h0,
  parameter logic [63:0] FirstCycle = 64'd0   // of CYCLES after reset; another value is for tests of the carry
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  // Bus.
  input  logic        begin_i,       // a check pass begins
  input  logic        req_i,
  input  logic        check_i,       // say whether it would be refused, do nothing
  input  logic        we_i,
  input  logic [31:0] addr_i,
  input  logic [31:0] wdata_i,
  output logic        rsp_o,
  output logic [3:0]  rsp_status_o,  // cim_spec_pkg::Status*, lower bits
  output logic [31:0] rsp_rdata_o,
  // Link.
  input  logic [10:0] error_set_i,
  input  logic        refused_i,     // a word was refused ...
  input  logic [31:0] refused_addr_i,
  output logic        any_error_o,
  output logic        busy_o,
  input  logic        engine_busy_i, // the layer engine runs: settings, windows and jobs are its own
  // Tile.
  output logic        inject_en_o,
  output logic [4:0]  lsb_exp_o,
  output logic [7:0]  base_o,        // u0.8 level
  output logic        adc_transparent_o,
  output logic [4:0]  adc_shift_o,
  output logic [3:0]  adc_bits_o,
  // Effects of the tile; zero without Effects.
  output logic        drift_en_o,
  output logic [63:0] drift_loss_o,
  output logic        stuck_en_o,
  output logic [1:0]  noise_o,
  output logic [63:0] noise_seed_o,
  output logic [23:0] noise_cell_o,
  output logic [23:0] noise_slope_o,
  output logic        attenuation_en_o,
  output logic        adc_gain_en_o,
  output logic        adc_inl_en_o,
  output logic        dac_en_o,
  output logic [31:0] job_read_o,
  output logic [1:0]  gen_start_o,
  output logic [63:0] gen_seed_o,
  output logic [63:0] gen_sigma_o,
  output logic [1:0]  gen_kind_o,
  output logic [11:0] gen_limit_o,
  output logic [15:0] gen_off_rate_o,
  output logic [15:0] gen_on_rate_o,
  output logic [6:0]  verify_tolerance_o,
  output logic [7:0]  verify_pulses_o,
  output logic [15:0] verify_step_o,
  output logic [15:0] verify_sigma_o,
  output logic [1:0]  self_test_o,
  input  logic [7:0]  self_test_result_i,
  input  logic [23:0] self_test_word_i,
  input  logic [31:0] self_test_ramp_i,
  // Jobs, memories and counting pulses of the tile.
  output logic        job_valid_o,
  input  logic        job_ready_i,
  output logic [111:0] job_o,
  input  logic        tile_busy_i,
  output logic        mem_req_o,
  output logic        mem_we_o,
  output logic [3:0]  mem_sel_o,
  output logic [23:0] mem_addr_o,
  output logic [3:0]  mem_be_o,
  output logic [31:0] mem_wdata_o,
  input  logic        mem_rvalid_i,
  input  logic [31:0] mem_rdata_i,
  input  logic        product_i,
  input  logic [7:0]  sat_i,
  input  logic [8:0]  clamps_i,
  input  logic        read_i,
  input  logic [2:0]  pulses_i,
  input  logic [2:0]  unverified_i,
  output logic [63:0] cycle_o
);
  localparam int unsigned Cells = Banks * Rows * Cols;
  // No '1 in a constant choice: yosys 0.23 makes it a single bit there.
  localparam logic [63:0] Absent = Effects ? 64'd0 : cim_spec_pkg::RegOnlyEffects;
  localparam logic [63:0] Readable = cim_spec_pkg::RegReadable & ~Absent;
  localparam logic [63:0] Writable = cim_spec_pkg::RegWritable & ~Absent;

  // What the request is about.
  logic is_register, is_window, read_only, is_job, is_poke, is_start, guarded, exists, access_ok;
  logic value_ok, busy_now, job_legal, job_pending, start_staged_q;
  logic [3:0] sel;
  logic [23:0] word;
  logic [5:0] index, index_q;
  logic [3:0] status;
  logic do_write, do_mem;

  cim_bus_decode #(
    .Rows(Rows), .Cols(Cols), .Banks(Banks), .InWords(InWords), .OutWords(OutWords), .Effects(Effects)
  ) u_decode (
    .addr_i, .register_o(is_register), .window_o(is_window), .read_only_o(read_only),
    .sel_o(sel), .word_o(word)
  );

  assign index = addr_i[7:2];
  assign is_job = addr_i[7:0] >= cim_spec_pkg::RegJobBank && addr_i[7:0] <= cim_spec_pkg::RegJobOut;
  assign is_start = (addr_i[7:0] == cim_spec_pkg::RegJobStart && wdata_i[0]) ||
      (addr_i[7:0] == cim_spec_pkg::RegGenStart && wdata_i[1:0] != '0) ||
      (addr_i[7:0] == cim_spec_pkg::RegSelftest && wdata_i[1:0] != '0);
  assign is_poke = is_register && addr_i[7:0] == cim_spec_pkg::RegCellPoke;
  assign guarded = is_window || is_poke || (addr_i[7:0] >= cim_spec_pkg::RegInject &&
      addr_i[7:0] <= cim_spec_pkg::RegJobStart) || (addr_i[7:0] >= cim_spec_pkg::RegJobRead &&
      addr_i[7:0] <= cim_spec_pkg::RegGenStart) || (addr_i[7:0] >= cim_spec_pkg::RegSelftest &&
      addr_i[7:0] <= cim_spec_pkg::RegSelftestRamp);
  assign exists = is_window ||
      (is_register && (Readable[index] || Writable[index]));
  assign access_ok = is_window ? !(we_i && read_only)
      : (we_i ? Writable[index] : Readable[index]);
  assign busy_o = job_pending || tile_busy_i || engine_busy_i;
  assign busy_now = busy_o || (check_i && start_staged_q);

  logic settings_legal, effects_legal, window_legal;
  always_comb begin
    value_ok = 1'b1;
    unique case (addr_i[7:0])
      cim_spec_pkg::RegCtrl: value_ok = (wdata_i & ~cim_spec_pkg::CtrlBits) == '0;
      cim_spec_pkg::RegJobStart: begin
        value_ok = (wdata_i & ~cim_spec_pkg::JobStartBits) == '0 && (!wdata_i[0] || job_legal);
      end
      cim_spec_pkg::RegCellPoke: value_ok = 32'(wdata_i[31:8]) < Cells;
      default: value_ok = settings_legal && effects_legal && (!is_job || wdata_i[31:16] == '0);
    endcase
    if (is_window) value_ok = window_legal;
    if (!we_i) value_ok = 1'b1;
  end

  // Words that a window does not hold as they are.
  always_comb begin
    window_legal = 1'b1;
    case (sel)
      cim_tile_pkg::SelAdcOffset: window_legal = wdata_i[31:15] == '0 || wdata_i[31:15] == '1;
      cim_tile_pkg::SelColumnTable, cim_tile_pkg::SelRowTable: window_legal = !wdata_i[15];
      cim_tile_pkg::SelStuck: window_legal = (wdata_i & (wdata_i >> 1) & 32'h5555_5555) == '0;
      default: ;
    endcase
  end

  always_comb begin
    status = cim_spec_pkg::StatusOk[3:0];
    if (!exists) status = cim_spec_pkg::StatusBadAddress[3:0];
    else if (!access_ok) status = cim_spec_pkg::StatusAccess[3:0];
    else if (guarded && busy_now) status = cim_spec_pkg::StatusBusy[3:0];
    else if (!value_ok) status = cim_spec_pkg::StatusBadValue[3:0];
  end

  assign do_write = req_i && !check_i && we_i && is_register && status == '0;
  assign do_mem = req_i && !check_i && status == '0 && (is_window || is_poke);

  // Memories of the tile. A poke writes one byte: the cell's number is the offset's byte address in the window.
  assign mem_req_o = do_mem;
  assign mem_we_o = we_i;
  assign mem_sel_o = is_poke ? cim_tile_pkg::SelOffset : sel;
  assign mem_addr_o = is_poke ? {2'b0, wdata_i[31:10]} : word;
  assign mem_be_o = is_poke ? 4'b0001 << wdata_i[9:8] : 4'b1111;
  assign mem_wdata_o = is_poke ? {4{wdata_i[7:0]}} : wdata_i;

  logic [31:0] scratch;
  cim_settings u_settings (
    .clk_i, .rst_ni, .we_i(do_write), .addr_i(addr_i[7:0]), .wdata_i, .legal_o(settings_legal),
    .scratch_o(scratch), .inject_en_o, .lsb_exp_o, .base_o, .adc_transparent_o, .adc_shift_o,
    .adc_bits_o
  );

  // The staged start makes the tile busy for what follows it in the same check pass.
  always_ff @(posedge clk_i) begin
    if (!rst_ni || begin_i) start_staged_q <= 1'b0;
    else if (req_i && check_i && we_i && is_register && is_start && status == '0) begin
      start_staged_q <= 1'b1;
    end
  end

  cim_job #(
    .Rows(Rows), .Cols(Cols), .Banks(Banks), .InWords(InWords), .OutWords(OutWords)
  ) u_job (
    .clk_i, .rst_ni, .begin_i,
    .stage_we_i(req_i && check_i && we_i && is_register && is_job && status == '0),
    .we_i(do_write && is_job), .index_i(addr_i[4:2] - 3'd4), .wdata_i(wdata_i[15:0]),
    .legal_o(job_legal), .job_o,
    .start_i(do_write && addr_i[7:0] == cim_spec_pkg::RegJobStart && wdata_i[0]),
    .job_valid_o, .job_ready_i, .pending_o(job_pending)
  );

  logic [31:0] effect_value;
  logic clear_counters;
  assign clear_counters = do_write && addr_i[7:0] == cim_spec_pkg::RegCtrl && wdata_i[0];
  if (Effects) begin : gen_effects
    cim_effect_regs u_effect_regs (
      .clk_i, .rst_ni, .we_i(do_write), .addr_i(addr_i[7:0]), .wdata_i, .legal_o(effects_legal),
      .raddr_i({index_q, 2'b00}), .value_o(effect_value),
      .drift_en_o, .drift_loss_o, .stuck_en_o, .noise_o, .noise_seed_o, .noise_cell_o,
      .noise_slope_o, .attenuation_en_o, .adc_gain_en_o, .adc_inl_en_o, .dac_en_o, .job_read_o,
      .gen_start_o, .gen_seed_o, .gen_sigma_o, .gen_kind_o, .gen_limit_o, .gen_off_rate_o,
      .gen_on_rate_o, .verify_tolerance_o, .verify_pulses_o, .verify_step_o, .verify_sigma_o, .self_test_o,
      .self_test_result_i, .self_test_word_i, .self_test_ramp_i,
      .clear_i(clear_counters), .clamps_i, .read_i, .pulses_i, .unverified_i
    );
  end else begin : gen_plain
    assign effects_legal = 1'b1;
    assign effect_value = '0;
    assign drift_en_o = '0;
    assign drift_loss_o = '0;
    assign stuck_en_o = '0;
    assign noise_o = '0;
    assign noise_seed_o = '0;
    assign noise_cell_o = '0;
    assign noise_slope_o = '0;
    assign attenuation_en_o = '0;
    assign adc_gain_en_o = '0;
    assign adc_inl_en_o = '0;
    assign dac_en_o = '0;
    assign job_read_o = '0;
    assign gen_start_o = '0;
    assign gen_seed_o = '0;
    assign gen_sigma_o = '0;
    assign gen_kind_o = '0;
    assign gen_limit_o = '0;
    assign gen_off_rate_o = '0;
    assign gen_on_rate_o = '0;
    assign verify_tolerance_o = '0;
    assign verify_pulses_o = '0;
    assign verify_step_o = '0;
    assign verify_sigma_o = '0;
    assign self_test_o = '0;
    logic unused;
    assign unused = ^{self_test_result_i, self_test_word_i, self_test_ramp_i, clamps_i, read_i, pulses_i, unverified_i};
  end

  logic [10:0] error_bits;
  logic [31:0] error_addr;
  cim_errors u_errors (
    .clk_i, .rst_ni, .set_i(error_set_i), .refused_i, .addr_i(refused_addr_i),
    .clear_we_i(do_write && addr_i[7:0] == cim_spec_pkg::RegError), .clear_i(wdata_i[10:0]),
    .error_o(error_bits), .error_addr_o(error_addr), .any_o(any_error_o)
  );

  // First cycle: what to answer. Second cycle: the value of a register.
  logic first_q, second_q, from_mem_q, from_mem2_q, latch_q;
  logic [3:0] status_q, status2_q;
  logic [31:0] rdata_q, register_value;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      first_q <= 1'b0;
      second_q <= 1'b0;
    end else begin
      first_q <= req_i;
      second_q <= first_q;
    end
  end

  always_ff @(posedge clk_i) begin
    if (req_i) begin
      index_q <= index;
      status_q <= status;
      from_mem_q <= do_mem;
      latch_q <= is_register && !check_i && !we_i && addr_i[7:0] == cim_spec_pkg::RegCyclesLo;
    end
  end

  always_ff @(posedge clk_i) begin
    if (first_q) begin
      rdata_q <= register_value;
      status2_q <= status_q;
      from_mem2_q <= from_mem_q;
    end
  end

  assign rsp_o = second_q;
  assign rsp_status_o = status2_q;
  assign rsp_rdata_o = from_mem2_q ? mem_rdata_i : rdata_q;

  logic [31:0] cycle_high, products, saturations, busy_cycles;
  cim_counters #(.FirstCycle(FirstCycle)) u_counters (
    .clk_i, .rst_ni,
    .clear_i(clear_counters),
    .latch_i(first_q && latch_q),
    .busy_i(job_pending || tile_busy_i), .product_i, .sat_i,
    .cycle_o, .cycle_high_o(cycle_high), .products_o(products), .saturations_o(saturations),
    .busy_cycles_o(busy_cycles)
  );

  always_comb begin
    unique case ({index_q, 2'b00})
      cim_spec_pkg::RegMagic: register_value = cim_spec_pkg::MagicValue;
      cim_spec_pkg::RegVersion: register_value = cim_spec_pkg::VersionValue;
      cim_spec_pkg::RegMapHash: register_value = cim_spec_pkg::MapHash;
      cim_spec_pkg::RegConfigHash: register_value = ConfigHash;
      cim_spec_pkg::RegGeomArray: register_value = {16'(Cols), 16'(Rows)};
      cim_spec_pkg::RegGeomBanks: register_value = {4'd8, 4'd2, 4'd2, 4'(InBits), 16'(Banks)};
      cim_spec_pkg::RegBuffers: register_value = {16'(OutWords), 16'(InWords)};
      cim_spec_pkg::RegLinkInfo: register_value = {16'(MaxPayload), 8'd0, 8'(Kept)};
      cim_spec_pkg::RegScratch: register_value = scratch;
      cim_spec_pkg::RegStatus: register_value = 32'(busy_o);
      cim_spec_pkg::RegError: register_value = 32'(error_bits);
      cim_spec_pkg::RegErrorAddr: register_value = error_addr;
      cim_spec_pkg::RegInject: register_value = {19'd0, lsb_exp_o, 7'd0, inject_en_o};
      cim_spec_pkg::RegBase: register_value = 32'(base_o);
      cim_spec_pkg::RegAdc: begin
        register_value = {15'd0, adc_transparent_o, 4'd0, adc_bits_o, 3'd0, adc_shift_o};
      end
      cim_spec_pkg::RegJobBank: register_value = 32'(job_o[0+:16]);
      cim_spec_pkg::RegJobRows: register_value = 32'(job_o[16+:16]);
      cim_spec_pkg::RegJobCols: register_value = 32'(job_o[32+:16]);
      cim_spec_pkg::RegJobCount: register_value = 32'(job_o[48+:16]);
      cim_spec_pkg::RegJobIn: register_value = 32'(job_o[64+:16]);
      cim_spec_pkg::RegJobStride: register_value = 32'(job_o[80+:16]);
      cim_spec_pkg::RegJobOut: register_value = 32'(job_o[96+:16]);
      cim_spec_pkg::RegCyclesLo: register_value = cycle_o[31:0];
      cim_spec_pkg::RegCyclesHi: register_value = cycle_high;
      cim_spec_pkg::RegProducts: register_value = products;
      cim_spec_pkg::RegSaturations: register_value = saturations;
      cim_spec_pkg::RegBusyCycles: register_value = busy_cycles;
      cim_spec_pkg::RegFeatures: register_value = {30'd0, Controller, Effects};
      default: register_value = effect_value;
    endcase
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && engine_busy_i) NoJobBesideTheEngine_A : assert (!job_pending);
    if (rst_ni && mem_req_o) MemoryOnlyWhileIdle_A : assert (!busy_o);
    if (rst_ni && second_q) TileAnswersInTwoCycles_A : assert (!from_mem2_q || mem_rvalid_i);
  end
endmodule
