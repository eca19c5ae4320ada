// The registers that only a device with effects has: their settings, which values they take, their counters.
module cim_effect_regs (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        we_i,              // a legal write to some register
  input  logic [7:0]  addr_i,
  input  logic [31:0] wdata_i,
  output logic        legal_o,           // wdata_i may be written to addr_i; 1 for other registers
  input  logic [7:0]  raddr_i,
  output logic [31:0] value_o,           // of the register at raddr_i; 0 for other registers
  // Settings.
  output logic        drift_en_o,
  output logic [63:0] drift_loss_o,      // u0.16 of levels 3, 2, 1, 0
  output logic        stuck_en_o,
  output logic [1:0]  noise_o,
  output logic [63:0] noise_seed_o,
  output logic [23:0] noise_cell_o,      // u16.8
  output logic [23:0] noise_slope_o,     // u8.16
  output logic        attenuation_en_o,
  output logic        adc_gain_en_o,
  output logic        adc_inl_en_o,
  output logic        dac_en_o,
  output logic [31:0] job_read_o,
  output logic [1:0]  gen_start_o,        // starts, as they are written
  output logic [63:0] gen_seed_o,
  output logic [63:0] gen_sigma_o,       // u8.8 of levels 3, 2, 1, 0
  output logic [1:0]  gen_kind_o,
  output logic [11:0] gen_limit_o,       // u4.8
  output logic [15:0] gen_off_rate_o,    // u0.16
  output logic [15:0] gen_on_rate_o,
  output logic [6:0]  verify_tolerance_o,
  output logic [7:0]  verify_pulses_o,
  output logic [15:0] verify_step_o,     // u8.8
  output logic [15:0] verify_sigma_o,
  output logic [1:0]  self_test_o,
  input  logic [7:0]  self_test_result_i,
  input  logic [23:0] self_test_word_i,
  input  logic [31:0] self_test_ramp_i,
  // Counters.
  input  logic        clear_i,
  input  logic [8:0]  clamps_i,
  input  logic        read_i,
  input  logic [2:0]  pulses_i,
  input  logic [2:0]  unverified_i
);
  logic [7:0]  effects_q;
  logic [31:0] job_read_q, seed_lo_q, seed_hi_q, drift01_q, drift23_q, sigma01_q, sigma23_q, stuck_q, step_q;
  logic [31:0] gen_lo_q, gen_hi_q;
  logic [23:0] cell_q, slope_q;
  logic [1:0]  kind_q;
  logic [11:0] limit_q;
  logic [6:0]  tolerance_q;
  logic [7:0]  most_q;
  logic [31:0] clamps_q, reads_q, pulses_q, unverified_q;

  assign drift_en_o = effects_q[cim_spec_pkg::EffectsDriftLsb];
  assign stuck_en_o = effects_q[cim_spec_pkg::EffectsStuckLsb];
  assign noise_o = effects_q[cim_spec_pkg::EffectsNoiseLsb+:2];
  assign attenuation_en_o = effects_q[cim_spec_pkg::EffectsAttenuationLsb];
  assign adc_gain_en_o = effects_q[cim_spec_pkg::EffectsAdcGainLsb];
  assign adc_inl_en_o = effects_q[cim_spec_pkg::EffectsAdcInlLsb];
  assign dac_en_o = effects_q[cim_spec_pkg::EffectsDacLsb];
  assign drift_loss_o = {drift23_q, drift01_q};
  assign noise_seed_o = {seed_hi_q, seed_lo_q};
  assign noise_cell_o = cell_q;
  assign noise_slope_o = slope_q;
  assign job_read_o = job_read_q;
  assign gen_seed_o = {gen_hi_q, gen_lo_q};
  assign gen_sigma_o = {sigma23_q, sigma01_q};
  assign gen_kind_o = kind_q;
  assign gen_limit_o = limit_q;
  assign gen_off_rate_o = stuck_q[15:0];
  assign gen_on_rate_o = stuck_q[31:16];
  assign verify_tolerance_o = tolerance_q;
  assign verify_pulses_o = most_q;
  assign verify_step_o = step_q[15:0];
  assign verify_sigma_o = step_q[31:16];
  assign gen_start_o = we_i && addr_i == cim_spec_pkg::RegGenStart ? wdata_i[1:0] : 2'd0;
  assign self_test_o = we_i && addr_i == cim_spec_pkg::RegSelftest ? wdata_i[1:0] : 2'd0;

  always_comb begin
    legal_o = 1'b1;
    case (addr_i)
      cim_spec_pkg::RegEffects: legal_o = (wdata_i & ~cim_spec_pkg::EffectsBits) == '0 &&
          wdata_i[cim_spec_pkg::EffectsNoiseLsb+:2] <= 2'(cim_spec_pkg::EffectsNoiseMax);
      cim_spec_pkg::RegNoiseCell: legal_o = (wdata_i & ~cim_spec_pkg::NoiseCellBits) == '0;
      cim_spec_pkg::RegNoiseSlope: legal_o = (wdata_i & ~cim_spec_pkg::NoiseSlopeBits) == '0;
      cim_spec_pkg::RegGenShape: legal_o = (wdata_i & ~cim_spec_pkg::GenShapeBits) == '0 &&
          wdata_i[cim_spec_pkg::GenShapeKindLsb+:2] <= 2'(cim_spec_pkg::GenShapeKindMax) &&
          wdata_i[cim_spec_pkg::GenShapeLimitLsb+:12] >= 12'(cim_spec_pkg::GenShapeLimitMin);
      cim_spec_pkg::RegGenStuck: legal_o = {1'b0, wdata_i[15:0]} + {1'b0, wdata_i[31:16]} <= 17'd65535;
      cim_spec_pkg::RegVerify: legal_o = (wdata_i & ~cim_spec_pkg::VerifyBits) == '0;
      cim_spec_pkg::RegGenStart: legal_o = (wdata_i & ~cim_spec_pkg::GenStartBits) == '0;
      cim_spec_pkg::RegSelftest: legal_o = (wdata_i & ~cim_spec_pkg::SelftestBits) == '0;
      default: ;
    endcase
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      effects_q <= '0;
      {job_read_q, seed_lo_q, seed_hi_q, cell_q, slope_q, drift01_q, drift23_q} <= '0;
      {sigma01_q, sigma23_q, stuck_q, step_q, gen_lo_q, gen_hi_q, tolerance_q, most_q} <= '0;
      kind_q <= cim_spec_pkg::GenShapeReset[cim_spec_pkg::GenShapeKindLsb+:2];
      limit_q <= cim_spec_pkg::GenShapeReset[cim_spec_pkg::GenShapeLimitLsb+:12];
    end else if (we_i) begin
      case (addr_i)
        cim_spec_pkg::RegEffects: effects_q <= wdata_i[7:0];
        cim_spec_pkg::RegJobRead: job_read_q <= wdata_i;
        cim_spec_pkg::RegNoiseSeedLo: seed_lo_q <= wdata_i;
        cim_spec_pkg::RegNoiseSeedHi: seed_hi_q <= wdata_i;
        cim_spec_pkg::RegNoiseCell: cell_q <= wdata_i[23:0];
        cim_spec_pkg::RegNoiseSlope: slope_q <= wdata_i[23:0];
        cim_spec_pkg::RegDrift01: drift01_q <= wdata_i;
        cim_spec_pkg::RegDrift23: drift23_q <= wdata_i;
        cim_spec_pkg::RegGenSigma01: sigma01_q <= wdata_i;
        cim_spec_pkg::RegGenSigma23: sigma23_q <= wdata_i;
        cim_spec_pkg::RegGenShape: begin
          kind_q <= wdata_i[cim_spec_pkg::GenShapeKindLsb+:2];
          limit_q <= wdata_i[cim_spec_pkg::GenShapeLimitLsb+:12];
        end
        cim_spec_pkg::RegGenStuck: stuck_q <= wdata_i;
        cim_spec_pkg::RegVerify: begin
          tolerance_q <= wdata_i[cim_spec_pkg::VerifyToleranceLsb+:7];
          most_q <= wdata_i[cim_spec_pkg::VerifyPulsesLsb+:8];
        end
        cim_spec_pkg::RegVerifyPulse: step_q <= wdata_i;
        cim_spec_pkg::RegGenSeedLo: gen_lo_q <= wdata_i;
        cim_spec_pkg::RegGenSeedHi: gen_hi_q <= wdata_i;
        default: ;
      endcase
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || clear_i) begin
      {clamps_q, reads_q, pulses_q, unverified_q} <= '0;
    end else begin
      if (clamps_i != '0) clamps_q <= clamps_q + 32'(clamps_i);
      if (read_i) reads_q <= reads_q + 32'd1;
      if (pulses_i != '0) pulses_q <= pulses_q + 32'(pulses_i);
      if (unverified_i != '0) unverified_q <= unverified_q + 32'(unverified_i);
    end
  end

  always_comb begin
    case (raddr_i)
      cim_spec_pkg::RegEffects: value_o = 32'(effects_q);
      cim_spec_pkg::RegJobRead: value_o = job_read_q;
      cim_spec_pkg::RegNoiseSeedLo: value_o = seed_lo_q;
      cim_spec_pkg::RegNoiseSeedHi: value_o = seed_hi_q;
      cim_spec_pkg::RegNoiseCell: value_o = 32'(cell_q);
      cim_spec_pkg::RegNoiseSlope: value_o = 32'(slope_q);
      cim_spec_pkg::RegDrift01: value_o = drift01_q;
      cim_spec_pkg::RegDrift23: value_o = drift23_q;
      cim_spec_pkg::RegGenSigma01: value_o = sigma01_q;
      cim_spec_pkg::RegGenSigma23: value_o = sigma23_q;
      cim_spec_pkg::RegGenShape: value_o = {12'd0, limit_q, 6'd0, kind_q};
      cim_spec_pkg::RegGenStuck: value_o = stuck_q;
      cim_spec_pkg::RegVerify: value_o = {16'd0, most_q, 1'b0, tolerance_q};
      cim_spec_pkg::RegVerifyPulse: value_o = step_q;
      cim_spec_pkg::RegGenSeedLo: value_o = gen_lo_q;
      cim_spec_pkg::RegGenSeedHi: value_o = gen_hi_q;
      cim_spec_pkg::RegClamps: value_o = clamps_q;
      cim_spec_pkg::RegReads: value_o = reads_q;
      cim_spec_pkg::RegPulses: value_o = pulses_q;
      cim_spec_pkg::RegUnverified: value_o = unverified_q;
      cim_spec_pkg::RegSelftestResult: value_o = 32'(self_test_result_i);
      cim_spec_pkg::RegSelftestAddr: value_o = 32'(self_test_word_i);
      cim_spec_pkg::RegSelftestRamp: value_o = self_test_ramp_i;
      default: value_o = '0;
    endcase
  end
endmodule
