// Functional cover points of the tile's effects, of the services that make chips and test the tile, and of their registers;
// as in cim_cover.sv.
/* verilator lint_off DECLFILENAME */  // many small modules that are read together

module cim_cover_effects (
  input logic        clk_i,
  input logic        start,        // a job starts with these settings
  input logic        inject,
  input logic [7:0]  effects,      // as in EFFECTS
  input logic        transparent,
  input logic [31:0] first_read,
  input logic [15:0] count,
  input logic [23:0] noise_cell,
  input logic [23:0] noise_slope,
  input logic        ramp
);
  logic noisy;
  assign noisy = effects[3:2] != '0;
  always_ff @(posedge clk_i) begin
    if (start) begin
      NoEffects_C: cover (effects == '0);
      DriftAlone_C: cover (effects == 8'b0000_0001);
      StuckAlone_C: cover (effects == 8'b0000_0010);
      NoiseByCellAlone_C: cover (effects == 8'b0000_0100);
      NoiseByColumnAlone_C: cover (effects == 8'b0000_1000);
      AttenuationAlone_C: cover (effects == 8'b0001_0000);
      AdcGainAlone_C: cover (effects == 8'b0010_0000);
      AdcInlAlone_C: cover (effects == 8'b0100_0000);
      DacAlone_C: cover (effects == 8'b1000_0000);
      EveryEffectAtOnce_C: cover (inject && noisy && (effects | 8'b0000_1100) == '1);
      EffectsWithoutOffsets_C: cover (effects != '0 && !inject);
      AdcInlBesideTransparentAdc_C: cover (effects[6] && transparent);
    end
    if (start && noisy) begin
      NoiseWithoutVariance_C: cover (noise_cell == '0 && noise_slope == '0);
      NoiseOfCellsOnly_C: cover (noise_cell != '0 && noise_slope == '0);
      NoiseBySlopeOnly_C: cover (noise_cell == '0 && noise_slope != '0);
      NoiseOfCellsLargest_C: cover (noise_cell == '1);
      NoiseSlopeLargest_C: cover (noise_slope == '1);
      ReadNumberWraps_C: cover (33'(first_read) + 33'(count) > 33'h1_0000_0000);
    end
    RampOfATransparentAdc_C: cover (ramp && transparent);
  end
endmodule

bind cim_tile cim_cover_effects u_cover_effects (
  .clk_i, .start(rst_ni && job_valid_i && job_ready_o && Effects != 0), .inject(inject_en_i),
  .effects({dac_en_i, adc_inl_en_i, adc_gain_en_i, attenuation_en_i, noise_i, stuck_en_i, drift_en_i}),
  .transparent(adc_transparent_i), .first_read(job_read_i), .count(job_count_i), .noise_cell(noise_cell_i),
  .noise_slope(noise_slope_i), .ramp(rst_ni && ramp)
);

module cim_cover_dac (
  input logic         clk_i,
  input logic         take,        // an input is converted
  input logic [7:0]   x,
  input logic [15:0]  table_word,  // {gain, offset}
  input logic [127:0] inl
);
  logic signed [31:0] gained, sum;
  logic [7:0] step;
  assign step = inl[8*32'(x[7:4])+:8];
  assign gained = ($signed({24'd0, x}) * 32'($signed(table_word[15:8])) + 32'sd128) >>> 8;
  assign sum = $signed({24'd0, x}) + gained + 32'($signed(table_word[7:0])) + 32'($signed(step));
  always_ff @(posedge clk_i) begin
    if (take) begin
      DacGainSmallest_C: cover (table_word[15:8] == 8'h80);
      DacGainLargest_C: cover (table_word[15:8] == 8'h7f);
      DacOffsetSmallest_C: cover (table_word[7:0] == 8'h80);
      DacOffsetLargest_C: cover (table_word[7:0] == 8'h7f);
      DacStepSmallest_C: cover (step == 8'h80);
      DacStepLargest_C: cover (step == 8'h7f);
      DacBelowItsRange_C: cover (sum < 0);
      DacAboveItsRange_C: cover (sum > 255);
      DacInRange_C: cover (sum >= 0 && sum <= 255);
    end
  end
endmodule

bind cim_tile cim_cover_dac u_cover_dac (
  .clk_i, .take(rst_ni && cond_en && dac_en_i), .x(x_in), .table_word(row_table[31:16]), .inl(dac_inl)
);

module cim_cover_age (
  input logic        clk_i,
  input logic        en,
  input logic        drift,
  input logic        hold,
  input logic [15:0] loss,     // of the first column's level
  input logic [1:0]  stuck,    // of the first column
  input logic        negative
);
  always_ff @(posedge clk_i) begin
    if (en && drift) begin
      DriftOfNothing_C: cover (loss == '0);
      DriftLargest_C: cover (loss == '1);
      DriftBelowTheLowerRail_C: cover (negative && loss != '0);
      DriftOfAStuckCell_C: cover (hold && stuck != '0);
    end
    if (en && hold) begin
      CellFree_C: cover (stuck == 2'd0);
      CellStuckOff_C: cover (stuck == 2'd1);
      CellStuckOn_C: cover (stuck == 2'd2);
    end
  end
endmodule

bind cim_age cim_cover_age u_cover (
  .clk_i, .en(en_i), .drift(drift_en_i), .hold(stuck_en_i), .loss(loss_i[16*32'(level_i[1:0])+:16]), .stuck(stuck_i[1:0]),
  .negative(cond_i[FreeBits-1])
);

module cim_cover_rails (
  input logic        clk_i,
  input logic        en,
  input logic        clamp,
  input logic        attenuation,
  input logic [14:0] row_loss,
  input logic [14:0] col_loss,    // of the first lane
  input logic        below,       // the first lane lies below the lower rail
  input logic        above,
  input logic        unused_lane, // the last lane is not in use
  input logic        beyond       // the last lane lies beyond a rail
);
  always_ff @(posedge clk_i) begin
    if (en && clamp) begin
      RailLower_C: cover (below);
      RailUpper_C: cover (above);
      RailBetween_C: cover (!below && !above);
      RailOutsideTheJob_C: cover (unused_lane && beyond);
    end
    if (en && attenuation) begin
      AttenuationNone_C: cover (row_loss == '0 && col_loss == '0);
      AttenuationLargest_C: cover (row_loss == '1 && col_loss == '1);
      AttenuationAtTheUpperRail_C: cover (above && (row_loss != '0 || col_loss != '0));
    end
  end
endmodule

bind cim_rails cim_cover_rails u_cover (
  .clk_i, .en(rst_ni && en_i), .clamp(clamp_en_i), .attenuation(attenuation_en_i), .row_loss(row_loss_i),
  .col_loss(col_loss_i[14:0]), .below($signed(cond_i[31:0]) < 0), .above($signed(cond_i[31:0]) > $signed(rail)),
  .unused_lane(32'(last_i) < Cells - 1),
  .beyond($signed(cond_i[LaneBits*(Cells-1)+:LaneBits]) < 0 || $signed(cond_i[LaneBits*(Cells-1)+:LaneBits]) > $signed(rail))
);

module cim_cover_noise (
  input logic clk_i,
  input logic cells,      // a cell's noise is worked out
  input logic columns,    // a column's
  input logic negative,   // the cell's conductance
  input logic nothing,    // the first plane's sum is of no cell
  input logic every       // of all rows
);
  always_ff @(posedge clk_i) begin
    NoiseBelowTheLowerRail_C: cover (cells && negative);
    NoiseAboveTheLowerRail_C: cover (cells && !negative);
    NoiseOfNoCell_C: cover (columns && nothing);
    NoiseOfEveryRow_C: cover (columns && every);
  end
endmodule

bind cim_tile_effects cim_cover_noise u_cover (
  .clk_i, .cells(rst_ni && cell_noise_i && cell_read_i), .columns(rst_ni && sum_valid_q), .negative(cell_x_i[LaneBits-1]),
  .nothing(noise_cell_i != '0 && variance_i[31:0] == '0),
  .every(noise_cell_i != '0 && variance_i[31:0] == 32'(noise_cell_i) * Rows)
);

module cim_cover_adc_error (
  input logic               clk_i,
  input logic               gain,      // an error of the gain is added
  input logic [15:0]        share,
  input logic               bend,      // a step of the non-linearity is added
  input logic [31:0]        analog,    // of the first plane
  input logic [127:0]       inl,
  input logic [5:0]         range
);
  logic signed [63:0] segment;
  logic [7:0] step;
  assign segment = (64'($signed(analog)) <<< 4) >>> range;
  assign step = inl[8*(segment < 0 ? 0 : segment > 15 ? 15 : 32'(segment[3:0]))+:8];
  always_ff @(posedge clk_i) begin
    if (gain) begin
      AdcGainSmallest_C: cover (share == 16'h8000);
      AdcGainLargest_C: cover (share == 16'h7fff);
      AdcGainNone_C: cover (share == '0);
    end
    if (bend) begin
      AdcInlBelowTheRange_C: cover (segment < 0);
      AdcInlFirstStep_C: cover (segment == 0);
      AdcInlLastStep_C: cover (segment == 15);
      AdcInlAboveTheRange_C: cover (segment > 15);
      AdcInlSmallest_C: cover (step == 8'h80);
      AdcInlLargest_C: cover (step == 8'h7f);
    end
  end
endmodule

bind cim_adc_error cim_cover_adc_error u_cover (
  .clk_i, .gain(gain_stage_i && gain_en_i), .share(gain_i), .bend(inl_stage_i && bend), .analog(analog_q[31:0]), .inl(inl_q),
  .range(6'(shift_i) + 6'(bits_i))
);

module cim_cover_generator (
  input logic        clk_i,
  input logic [1:0]  start,           // offsets, stuck cells
  input logic [1:0]  kind,
  input logic [11:0] limit,
  input logic [15:0] sigma,          // of level 0
  input logic [15:0] off_rate,
  input logic [15:0] on_rate,
  input logic [6:0]  tolerance,
  input logic [7:0]  pulses,
  input logic        draw,            // deviations have come
  input logic [3:0]  settled,        // cells that have their deviation
  input logic        last_attempt,
  input logic        judged,          // a word's pulses are over
  input logic        pulse,           // pulses have come
  input logic        past_target,     // the first cell's takes it to the other side
  input logic [7:0]  count,
  input logic [3:0]  out_of_tolerance,
  input logic        write_offsets,
  input logic        write_stuck,
  input logic [7:0]  wdata
);
  always_ff @(posedge clk_i) begin
    if (start != '0) begin
      GeneratesOffsetsOnly_C: cover (start == 2'b01);
      GeneratesStuckCellsOnly_C: cover (start == 2'b10);
      GeneratesBoth_C: cover (start == 2'b11);
    end
    if (start[0]) begin
      GaussianOffsets_C: cover (kind == 2'd0);
      TruncatedOffsets_C: cover (kind == 2'd1);
      RightCensoredOffsets_C: cover (kind == 2'd2);
      LimitSmallest_C: cover (kind != 2'd0 && limit == 12'd128);
      LimitLargest_C: cover (kind != 2'd0 && limit == '1);
      SigmaNone_C: cover (sigma == '0);
      SigmaLargest_C: cover (sigma == '1);
      NoPulses_C: cover (pulses == '0);
      PulsesMost_C: cover (pulses == '1);
      ToleranceNone_C: cover (pulses != '0 && tolerance == '0);
      ToleranceLargest_C: cover (pulses != '0 && tolerance == '1);
    end
    if (start[1]) begin
      OffRateNone_C: cover (off_rate == '0);
      OffRateLargest_C: cover (off_rate == '1);
      OnRateNone_C: cover (on_rate == '0);
      OnRateLargest_C: cover (on_rate == '1);
      RatesOfEveryCell_C: cover (off_rate != '0 && on_rate != '0 && 17'(off_rate) + 17'(on_rate) == 17'd65535);
    end
    if (draw) begin
      DrawnOnce_C: cover (kind == 2'd1 && settled == '1 && count == '0);
      DrawnAgain_C: cover (kind == 2'd1 && settled != '1 && !last_attempt);
      DrawnSixteenTimes_C: cover (kind == 2'd1 && settled != '1 && last_attempt);
    end
    if (judged && pulses != '0) begin
      VerifiedWithoutAPulse_C: cover (out_of_tolerance == '0 && count == '0);
      VerifiedByPulses_C: cover (out_of_tolerance == '0 && count != '0);
      LeftUnverified_C: cover (out_of_tolerance != '0);
      LeftUnverifiedAllFour_C: cover (out_of_tolerance == '1);
    end
    PulsePastTheTarget_C: cover (pulse && past_target);
    if (write_offsets) begin
      GeneratedOffsetLargest_C: cover (wdata[7:0] == 8'h7f);
      GeneratedOffsetSmallest_C: cover (wdata[7:0] == 8'h80);
    end
    if (write_stuck) begin
      GeneratedStuckOff_C: cover (wdata[1:0] == 2'd1);
      GeneratedStuckOn_C: cover (wdata[1:0] == 2'd2);
      GeneratedFree_C: cover (wdata[1:0] == 2'd0);
    end
  end
endmodule

bind cim_generator cim_cover_generator u_cover (
  .clk_i, .start(rst_ni ? start_i : 2'd0), .kind(kind_i), .limit(limit_i), .sigma(sigma_i[15:0]), .off_rate(off_rate_i),
  .on_rate(on_rate_i), .tolerance(tolerance_i), .pulses(pulses_i), .draw(rst_ni && state_q == Draw && valid_i),
  .settled(taken_q | within_now), .last_attempt(count_q == 8'd15), .judged(rst_ni && judged),
  .pulse(rst_ni && state_q == Verify && valid_i && out_of_tolerance[0]),
  .past_target(dev_q[DevBits-1] != closer[DevBits-1] && closer[DevBits-1:0] != '0), .count(count_q), .out_of_tolerance,
  .write_offsets(rst_ni && state_q == WriteOffsets && req_o), .write_stuck(rst_ni && state_q == WriteStuck && req_o),
  .wdata(wdata_o[7:0])
);

module cim_cover_self_test (
  input logic        clk_i,
  input logic [1:0]  start,          // march, ramp
  input logic        wrong,          // a word is read back wrong
  input logic        down,
  input logic [1:0]  memory,
  input logic        ramp_too,
  input logic        march_done,
  input logic        marches,
  input logic        ramp_end,
  input logic        cut_short,      // sums end before the codes
  input logic [15:0] worst,
  input logic [15:0] differing
);
  always_ff @(posedge clk_i) begin
    if (start != '0) begin
      MarchOnly_C: cover (start == 2'b01);
      RampOnly_C: cover (start == 2'b10);
      MarchAndRamp_C: cover (start == 2'b11);
    end
    if (wrong) begin
      MarchFailsInLevels_C: cover (memory == 2'd0);
      MarchFailsInOffsets_C: cover (memory == 2'd1);
      MarchFailsInStuckCells_C: cover (memory == 2'd2);
      MarchFailsUpwards_C: cover (!down);
      MarchFailsDownwards_C: cover (down);
      MarchFailsBeforeARamp_C: cover (ramp_too);
    end
    MarchPasses_C: cover (march_done && !marches && !wrong);
    if (ramp_end) begin
      RampFindsNothing_C: cover (differing == '0);
      RampFindsErrors_C: cover (differing != '0 && worst != '0);
      RampCountsToItsEnd_C: cover (differing == '1);
      RampCutShort_C: cover (cut_short);
    end
  end
endmodule

bind cim_self_test cim_cover_self_test u_cover (
  .clk_i, .start(rst_ni ? start_i : 2'd0), .wrong(rst_ni && state_q == March && rvalid_i && wrong), .down, .memory(memory_q),
  .ramp_too(ramp_too_q), .march_done(rst_ni && march_done_q && !failed_q), .marches(state_q == March),
  .ramp_end(rst_ni && ramp_done_q), .cut_short(ramp_done_q && (code_max_i >> (5'd29 - shift_i)) != '0), .worst(worst_q),
  .differing(differing_q)
);

// Refusals of a value, and what a busy device refuses and allows, by what keeps it busy.
module cim_cover_refusals (
  input logic        clk_i,
  input logic        rst_ni,
  input logic        req,
  input logic        we,
  input logic        present,     // the device has effects
  input logic [3:0]  status,
  input logic        is_window,
  input logic        is_register,
  input logic [3:0]  sel,
  input logic [7:0]  addr,
  input logic [31:0] wdata,
  input logic        do_write,
  input logic        busy
);
  logic bad, ok, refused_busy, gen_q, test_q;
  assign bad = rst_ni && req && we && is_register && present && status == cim_spec_pkg::StatusBadValue[3:0];
  assign ok = rst_ni && req && busy && status == cim_spec_pkg::StatusOk[3:0];
  assign refused_busy = rst_ni && req && busy && status == cim_spec_pkg::StatusBusy[3:0];
  always_ff @(posedge clk_i) begin
    if (bad && addr == cim_spec_pkg::RegEffects) begin
      RefusesNoiseMode_C: cover (wdata[3:2] == 2'd3);
      RefusesEffectsBits_C: cover (wdata[31:8] != '0);
    end
    if (bad && addr == cim_spec_pkg::RegGenShape) begin
      RefusesKind_C: cover (wdata[1:0] == 2'd3);
      RefusesLimit_C: cover (wdata[19:8] < 12'd128);
      RefusesShapeBits_C: cover ((wdata & ~cim_spec_pkg::GenShapeBits) != '0);
    end
    RefusesNoiseCell_C: cover (bad && addr == cim_spec_pkg::RegNoiseCell);
    RefusesNoiseSlope_C: cover (bad && addr == cim_spec_pkg::RegNoiseSlope);
    RefusesRates_C: cover (bad && addr == cim_spec_pkg::RegGenStuck);
    RefusesVerify_C: cover (bad && addr == cim_spec_pkg::RegVerify);
    RefusesGenStart_C: cover (bad && addr == cim_spec_pkg::RegGenStart);
    RefusesSelfTest_C: cover (bad && addr == cim_spec_pkg::RegSelftest);
    if (rst_ni && req && we && is_window && status == cim_spec_pkg::StatusBadValue[3:0]) begin
      RefusesColumnOffset_C: cover (sel == cim_tile_pkg::SelAdcOffset);
      RefusesColumnTable_C: cover (sel == cim_tile_pkg::SelColumnTable);
      RefusesRowTable_C: cover (sel == cim_tile_pkg::SelRowTable);
      RefusesStuckState_C: cover (sel == cim_tile_pkg::SelStuck);
    end
    if (rst_ni && req && !present) begin
      EffectRegisterAbsent_C: cover (is_register && cim_spec_pkg::RegOnlyEffects[addr[7:2]] &&
          status == cim_spec_pkg::StatusBadAddress[3:0]);
      FeaturesWithoutEffects_C: cover (is_register && !we && addr == cim_spec_pkg::RegFeatures);
    end
  end

  // What was started last.
  always_ff @(posedge clk_i) begin
    if (!rst_ni) {gen_q, test_q} <= '0;
    else if (do_write && addr == cim_spec_pkg::RegGenStart && wdata[1:0] != '0) {gen_q, test_q} <= 2'b10;
    else if (do_write && addr == cim_spec_pkg::RegSelftest && wdata[1:0] != '0) {gen_q, test_q} <= 2'b01;
    else if (do_write && addr == cim_spec_pkg::RegJobStart && wdata[0]) {gen_q, test_q} <= '0;
  end

  always_ff @(posedge clk_i) begin
    BusyWithAJob_C: cover (refused_busy && !gen_q && !test_q);
    BusyWithAGeneration_C: cover (refused_busy && gen_q);
    BusyWithASelfTest_C: cover (refused_busy && test_q);
    if (ok && is_register && !we) begin
      CountersReadDuringAJob_C: cover (!gen_q && !test_q && addr == cim_spec_pkg::RegReads);
      CountersReadDuringAGeneration_C: cover (gen_q && addr == cim_spec_pkg::RegPulses);
      StatusReadDuringASelfTest_C: cover (test_q && addr == cim_spec_pkg::RegStatus);
    end
  end
endmodule

bind cim_regs cim_cover_refusals u_cover_refusals (
  .clk_i, .rst_ni, .req(req_i), .we(we_i), .present(Effects), .status, .is_window, .is_register, .sel, .addr(addr_i[7:0]),
  .wdata(wdata_i), .do_write, .busy(busy_o)
);

module cim_cover_effect_counters (
  input logic       clk_i,
  input logic       clear,
  input logic       counted,     // any of them is not zero
  input logic [8:0] clamps,
  input logic       read,
  input logic [2:0] pulses,
  input logic [2:0] unverified
);
  always_ff @(posedge clk_i) begin
    ClampsCounted_C: cover (clamps != '0);
    ReadsCounted_C: cover (read);
    PulsesCounted_C: cover (pulses != '0);
    UnverifiedCounted_C: cover (unverified != '0);
    EffectCountersCleared_C: cover (clear && counted);
  end
endmodule

bind cim_effect_regs cim_cover_effect_counters u_cover (
  .clk_i, .clear(rst_ni && clear_i), .counted((clamps_q | reads_q | pulses_q | unverified_q) != '0),
  .clamps(rst_ni ? clamps_i : 9'd0), .read(rst_ni && read_i), .pulses(rst_ni ? pulses_i : 3'd0),
  .unverified(rst_ni ? unverified_i : 3'd0)
);
