// What every device with effects behind a port must do: chips from a seed, self-test, being busy
// with them.
#include "models/tile/chip_generator.hpp"
#include "models/tile/self_test.hpp"
#include "tests/unit/port_conformance.hpp"

namespace crucible::port {
namespace {

TEST_P(PortEffects, RefusesRatesThatMakeMoreThanAllCells) {
  port_->write_word(spec::kRegGenStuck, 0x8000u << 16 | 0x7FFF);
  for (const uint32_t value : {0x8000u << 16 | 0x8000, 1u << 16 | 0xFFFF, ~0u}) {
    expect_refused(spec::Status::kBadValue, spec::kRegGenStuck,
                   [&] { port_->write_word(spec::kRegGenStuck, value); });
  }
  EXPECT_EQ(port_->read_word(spec::kRegGenStuck), 0x8000u << 16 | 0x7FFF);
  EXPECT_NO_THROW(port_->write_word(spec::kRegGenStuck, 0xFFFF));
  EXPECT_NO_THROW(port_->write_word(spec::kRegGenStuck, 0xFFFF0000));
}

TEST_P(PortEffects, ABusyDeviceRefusesItsEffectsButNotItsCounters) {
  Words one{0};
  const Job job = longest_job();
  const Words generation{1}, march{1};
  const struct {
    const char* name;
    Step start;
  } busy[] = {{"job", Step::write(spec::kRegJobBank, job)},
              {"generation", Step::write(spec::kRegGenStart, generation)},
              {"self-test", Step::write(spec::kRegSelftest, march)}};
  for (const auto& [name, start] : busy) {
    for (const uint32_t address :
         {spec::kRegEffects, spec::kRegJobRead, spec::kRegNoiseSeedLo, spec::kRegDrift23,
          spec::kRegGenShape, spec::kRegGenSeedLo, spec::kRegSelftestResult, spec::kRegSelftestAddr,
          spec::kRegSelftestRamp, spec::kWindowColumnTable, spec::kWindowRowTable,
          spec::kWindowAdcInl, spec::kWindowDacInl, spec::kWindowStuck}) {
      SCOPED_TRACE(testing::Message() << name << ", " << describe_address(address));
      const std::array<Step, 2> steps{start, Step::read(address, one)};
      expect_refused(spec::Status::kBusy, address, [&] { port_->run(steps); });
      port_->wait_idle(kPatience);
    }
    for (const uint32_t address : {spec::kRegGenStart, spec::kRegSelftest, spec::kRegJobStart,
                                   spec::kRegGenSeedLo, spec::kWindowStuck}) {
      SCOPED_TRACE(testing::Message() << name << ", " << describe_address(address));
      const std::array<Step, 2> steps{start, Step::write(address, generation)};
      expect_refused(spec::Status::kBusy, address, [&] { port_->run(steps); });
      port_->wait_idle(kPatience);
    }
    Words counters(4);
    const std::array<Step, 3> allowed{start, Step::read(spec::kRegStatus, one),
                                      Step::read(spec::kRegClamps, counters)};
    EXPECT_NO_THROW(port_->run(allowed)) << name;
    EXPECT_EQ(one[0], 1u) << name;
    port_->wait_idle(kPatience);
  }
}

TEST_P(PortEffects, NothingIsStartedTwiceInAFrame) {
  for (const uint32_t address : {spec::kRegGenStart, spec::kRegSelftest}) {
    expect_refused(spec::Status::kBusy, address, [&] {
      port_->write_fixed(address, Words{0, 2, 1});
    });
    EXPECT_EQ(port_->read_word(spec::kRegStatus), 0u);
    EXPECT_NO_THROW(port_->write_fixed(address, Words{0, 0}));
    EXPECT_EQ(port_->read_word(spec::kRegStatus), 0u);
  }
  EXPECT_EQ(port_->read_word(spec::kRegSelftestResult), 0u);
}

TEST_P(PortEffects, AChipIsAFunctionOfItsSeedAndOfTheLevels) {
  const size_t cells = rows_of_all_banks() * size(config_.cols);
  const Words level_words = random_words(cells / level_cells());
  port_->write(spec::kWindowLevel, level_words);
  std::vector<uint8_t> levels(cells);
  for (size_t i = 0; i < cells; ++i)
    levels[i] = level_words[i / level_cells()] >> (2 * (i % level_cells())) & 3;
  for (int round = 0; round < 6; ++round) {
    SCOPED_TRACE(testing::Message() << "round " << round << ", seed " << kSeed);
    models::GeneratorSettings settings;
    for (uint16_t& sigma : settings.sigma) sigma = static_cast<uint16_t>(random_in(0, 40 << 8));
    settings.kind = static_cast<models::OffsetShape>(round % 3);
    settings.limit = static_cast<uint16_t>(random_in(128, 4095));
    settings.off_rate = static_cast<uint16_t>(random_in(0, 0x7FFF));
    settings.on_rate = static_cast<uint16_t>(random_in(0, 0x7FFF));
    settings.tolerance = static_cast<uint8_t>(random_in(0, 20));
    settings.pulses = static_cast<uint8_t>(round < 2 ? 0 : random_in(1, 12));
    settings.pulse_step = static_cast<uint16_t>(random_in(0, 8 << 8));
    settings.pulse_sigma = static_cast<uint16_t>(random_in(0, 2 << 8));
    settings.seed = random_() | uint64_t{random_()} << 32;
    uint64_t pulses = 0, unverified = 0;
    const std::vector<int8_t> offsets =
        models::generate_offsets(levels, settings, pulses, unverified);
    const std::vector<uint8_t> stuck = models::generate_stuck(cells, settings);

    // Zeros tell that a generation that is not asked for writes nothing.
    port_->write(spec::kWindowOffset, Words(cells / 4));
    port_->write(spec::kWindowStuck, Words(cells / level_cells()));
    port_->write_word(spec::kRegCtrl, 1);
    const uint32_t what = round == 4 ? 1 : round == 5 ? 2 : 3;
    const auto pair = [](uint32_t low, uint32_t high) { return low | high << 16; };
    port_->write(
        spec::kRegGenSigma01,
        Words{pair(settings.sigma[0], settings.sigma[1]),
              pair(settings.sigma[2], settings.sigma[3]),
              static_cast<uint32_t>(settings.kind) | static_cast<uint32_t>(settings.limit) << 8,
              pair(settings.off_rate, settings.on_rate),
              static_cast<uint32_t>(settings.tolerance | settings.pulses << 8),
              pair(settings.pulse_step, settings.pulse_sigma),
              static_cast<uint32_t>(settings.seed >> 32), static_cast<uint32_t>(settings.seed),
              what});
    port_->wait_idle(~0u);
    Words expected(cells / 4), expected_stuck(cells / level_cells());
    for (size_t i = 0; i < cells; ++i) {
      if ((what & 1) != 0)
        expected[i / 4] |= uint32_t{static_cast<uint8_t>(offsets[i])} << (8 * (i % 4));
      if ((what & 2) != 0)
        expected_stuck[i / level_cells()] |= uint32_t{stuck[i]} << (2 * (i % level_cells()));
    }
    EXPECT_EQ(read(spec::kWindowOffset, expected.size()), expected);
    EXPECT_EQ(read(spec::kWindowStuck, expected_stuck.size()), expected_stuck);
    const bool verified = (what & 1) != 0;
    EXPECT_EQ(read(spec::kRegPulses, 2), (Words{verified ? static_cast<uint32_t>(pulses) : 0,
                                                verified ? static_cast<uint32_t>(unverified) : 0}));
  }
  port_->write_word(spec::kRegCtrl, 1);
  EXPECT_EQ(read(spec::kRegClamps, 4), Words(4, 0));
}

TEST_P(PortEffects, AMarchFindsSoundMemoriesAndLeavesZeros) {
  const size_t cells = rows_of_all_banks() * size(config_.cols);
  port_->write(spec::kWindowLevel, random_words(cells / level_cells()));
  port_->write(spec::kWindowOffset, random_words(cells / 4));
  port_->write(spec::kWindowStuck, random_words(cells / level_cells(), 0x55555555));
  port_->write_word(spec::kRegSelftest, spec::kSelftestMarchMask);
  port_->wait_idle(kPatience);
  EXPECT_EQ(read(spec::kRegSelftestResult, 3), (Words{spec::kSelftestResultMarchDoneMask, 0, 0}));
  EXPECT_EQ(read(spec::kWindowLevel, cells / level_cells()), Words(cells / level_cells(), 0));
  EXPECT_EQ(read(spec::kWindowOffset, cells / 4), Words(cells / 4, 0));
  EXPECT_EQ(read(spec::kWindowStuck, cells / level_cells()), Words(cells / level_cells(), 0));
}

TEST_P(PortEffects, ARampFindsTheErrorsOfTheAdcsAndTouchesNoCell) {
  const auto u = [](int value) { return static_cast<uint32_t>(value); };
  port_->write_word(spec::kWindowLevel, 0x00000055);
  port_->write_word(spec::kRegCtrl, 1);
  for (int round = 0; round < 8; ++round) {
    SCOPED_TRACE(testing::Message() << "round " << round << ", seed " << kSeed);
    models::TileSettings settings;
    settings.lsb_exp = random_in(8, 18);
    settings.adc = {round == 7, random_in(4, 20), random_in(1, 12)};
    settings.effects.adc_gain = round % 2 == 1;
    settings.effects.adc_inl = round % 4 >= 2;
    Words offsets, gains, inl;
    for (int c = 0; c < config_.cols; ++c) {
      settings.adc_offset.push_back(static_cast<int16_t>(round == 0 ? 0 : random_in(-300, 300)));
      settings.effects.adc_gain_error.push_back(static_cast<int16_t>(random_in(-3000, 3000)));
      settings.effects.col_loss.push_back(0);
      offsets.push_back(static_cast<uint32_t>(int32_t{settings.adc_offset.back()}));
      gains.push_back(uint32_t{static_cast<uint16_t>(settings.effects.adc_gain_error.back())}
                      << 16);
      for (int step = 0; step < 16; ++step)
        settings.effects.adc_inl_steps.push_back(static_cast<int8_t>(random_in(-40, 40)));
      for (size_t i = inl.size() * 4; i < settings.effects.adc_inl_steps.size(); i += 4) {
        uint32_t steps = 0;
        for (size_t j = 0; j < 4; ++j)
          steps |= uint32_t{static_cast<uint8_t>(settings.effects.adc_inl_steps[i + j])} << (8 * j);
        inl.push_back(steps);
      }
    }
    const models::RampResult expected = models::adc_ramp(settings, config_.cols);
    port_->write(spec::kWindowAdcOffset, offsets);
    port_->write(spec::kWindowColumnTable, gains);
    port_->write(spec::kWindowAdcInl, inl);
    port_->write(spec::kRegInject,
                 Words{u(settings.lsb_exp) << 8, 0,
                       u(settings.adc.shift) | u(settings.adc.bits) << 8 |
                           (settings.adc.transparent ? 1u << 16 : 0u),
                       (settings.effects.adc_gain ? spec::kEffectsAdcGainMask : 0) |
                           (settings.effects.adc_inl ? spec::kEffectsAdcInlMask : 0)});
    port_->write_word(spec::kRegSelftest, spec::kSelftestRampMask);
    port_->wait_idle(kPatience);
    EXPECT_EQ(read(spec::kRegSelftestResult, 3),
              (Words{spec::kSelftestResultRampDoneMask, 0,
                     static_cast<uint32_t>(expected.worst) |
                         static_cast<uint32_t>(expected.differing) << 16}));
    if (round == 0) {
      EXPECT_EQ(expected.worst, 0u);
    }
  }
  EXPECT_EQ(port_->read_word(spec::kWindowLevel), 0x00000055u);
  EXPECT_EQ(read(spec::kRegProducts, 2), Words(2, 0));
  EXPECT_EQ(read(spec::kRegClamps, 4), Words(4, 0));
  const uint32_t ramp = port_->read_word(spec::kRegSelftestRamp);
  port_->write_word(spec::kRegSelftest, spec::kSelftestMarchMask);
  port_->wait_idle(kPatience);
  EXPECT_EQ(
      read(spec::kRegSelftestResult, 3),
      (Words{spec::kSelftestResultMarchDoneMask | spec::kSelftestResultRampDoneMask, 0, ramp}))
      << "the march keeps what the ramp found";
}

}  // namespace
}  // namespace crucible::port
