// Chips that the RTL makes from a seed, and its self-tests, against models/tile.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/equiv/random_case.hpp"
#include "tests/equiv/tile_device.hpp"
#include "tests/rtl/tested_configs.hpp"

namespace crucible::sim {
namespace {

/// Overridden by CRUCIBLE_SEED to repeat a failure.
uint64_t seed() {
  const char* const text = std::getenv("CRUCIBLE_SEED");
  return text == nullptr ? 20261126 : std::strtoull(text, nullptr, 0);
}

class ChipEquivalence : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (config_.effects == 0) GTEST_SKIP() << "no effects here";
    client_.sync(1, 0);
  }
  ~ChipEquivalence() override {
    EXPECT_EQ(top_->assertion_failures(), 0) << top_->assertion_report();
  }

  /// Random cells in every bank; their levels by the cells' numbers.
  std::vector<uint8_t> program_all() {
    std::vector<uint8_t> levels;
    for (int bank = 0; bank < config_.banks; ++bank) {
      const models::BankCells cells = random_.cells();
      device_.program(bank, cells);
      levels.insert(levels.end(), cells.levels.begin(), cells.levels.end());
    }
    return levels;
  }

  struct Chip {
    std::vector<int8_t> offsets;
    std::vector<uint8_t> stuck;
  };
  Chip read_all() {
    Chip chip;
    for (int bank = 0; bank < config_.banks; ++bank) {
      const models::BankCells cells = device_.read_back(bank);
      chip.offsets.insert(chip.offsets.end(), cells.offsets.begin(), cells.offsets.end());
      chip.stuck.insert(chip.stuck.end(), cells.stuck.begin(), cells.stuck.end());
    }
    return chip;
  }

  void expect_generated(const std::vector<uint8_t>& levels, const models::GeneratorSettings& s,
                        bool offsets, bool stuck) {
    const Chip before = read_all();
    device_.clear_counters();
    device_.generate(s, offsets, stuck);
    const Chip after = read_all();
    uint64_t pulses = 0, unverified = 0;
    const auto expected_offsets =
        offsets ? models::generate_offsets(levels, s, pulses, unverified) : before.offsets;
    const auto expected_stuck = stuck ? models::generate_stuck(levels.size(), s) : before.stuck;
    const std::string what = describe(s, offsets, stuck);
    for (size_t cell = 0; cell < levels.size(); ++cell) {
      ASSERT_EQ(after.offsets[cell], expected_offsets[cell]) << "offset of cell " << cell << what;
      ASSERT_EQ(after.stuck[cell], expected_stuck[cell]) << "state of cell " << cell << what;
    }
    EXPECT_EQ(device_.pulses(), pulses) << what;
    EXPECT_EQ(device_.unverified(), unverified) << what;
  }

  [[nodiscard]] static std::string describe(const models::GeneratorSettings& s, bool offsets,
                                            bool stuck) {
    return fmt::format(
        "; offsets {}, stuck {}; sigma {} {} {} {}, kind {}, limit {}, rates {} and {}, tolerance "
        "{}, pulses {}, step {}, its sigma {}, seed {:#x}; repeat with CRUCIBLE_SEED={}",
        offsets, stuck, s.sigma[0], s.sigma[1], s.sigma[2], s.sigma[3], static_cast<int>(s.kind),
        s.limit, s.off_rate, s.on_rate, s.tolerance, s.pulses, s.pulse_step, s.pulse_sigma, s.seed,
        seed());
  }

  std::unique_ptr<IRtlTop> top_ = make_rtl_top(GetParam(), seed());
  const spec::HardwareConfig& config_ = top_->config();
  StreamPort port_{*top_, StreamTraffic{.idle = 0.05, .stall = 0.05, .seed = seed()}};
  FrameClient client_{port_};
  TileDevice device_{client_};
  RandomCase random_{config_, seed()};
};

TEST_P(ChipEquivalence, MakesTheChipOfItsSeed) {
  const std::vector<uint8_t> levels = program_all();
  // Generation runs over all cells: 72 times as many in `full`.
  const int chips = levels.size() > 100'000 ? 1 : 24;
  for (int chip = 0; chip < chips; ++chip) {
    models::GeneratorSettings settings = random_.generator();
    if (chips == 1) settings.pulses = 0;
    const int parts = chip == 0 ? 3 : random_.uniform(1, 3);
    ASSERT_NO_FATAL_FAILURE(expect_generated(levels, settings, (parts & 1) != 0, (parts & 2) != 0));
  }
}

TEST_P(ChipEquivalence, FindsTheErrorsOfItsConverters) {
  const int ramps = config_.cols > 16 ? 12 : 40;
  for (int ramp = 0; ramp < ramps; ++ramp) {
    models::TileSettings settings = random_.settings();
    settings.adc.shift = random_.uniform(0, 20);
    device_.apply(settings);
    const uint32_t result = device_.self_test(spec::kSelftestRampMask);
    EXPECT_NE(result & spec::kSelftestResultRampDoneMask, 0u);
    EXPECT_EQ(device_.ramp(), models::adc_ramp(settings, config_.cols))
        << "ramp " << ramp << ", shift " << settings.adc.shift << ", bits " << settings.adc.bits
        << ", gain " << settings.effects.adc_gain << ", INL " << settings.effects.adc_inl
        << "; repeat with CRUCIBLE_SEED=" << seed();
  }
}

TEST_P(ChipEquivalence, TestsItsMemoriesAndLeavesThemZero) {
  program_all();
  const uint32_t result = device_.self_test(spec::kSelftestMarchMask);
  EXPECT_EQ(result, spec::kSelftestResultMarchDoneMask);
  for (int bank = 0; bank < config_.banks; ++bank) {
    const models::BankCells cells = device_.read_back(bank);
    const auto all_zero = [](const auto& values) {
      return std::all_of(values.begin(), values.end(), [](auto value) { return value == 0; });
    };
    ASSERT_TRUE(all_zero(cells.levels) && all_zero(cells.offsets) && all_zero(cells.stuck))
        << "bank " << bank;
  }
}

INSTANTIATE_TEST_SUITE_P(Configurations, ChipEquivalence,
                         testing::ValuesIn(tested_configs({"small", "full"})),
                         [](const auto& instance) { return std::string(instance.param); });

}  // namespace
}  // namespace crucible::sim
