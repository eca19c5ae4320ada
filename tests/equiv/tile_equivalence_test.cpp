// The RTL at its registers against the definition in models/tile, over random cells, settings,
// inputs and jobs.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "models/tile/tile_twin.hpp"
#include "tests/equiv/random_case.hpp"
#include "tests/equiv/tile_device.hpp"
#include "tests/rtl/failure_wave.hpp"
#include "tests/rtl/tested_configs.hpp"

namespace crucible::sim {
namespace {

/// Overridden by CRUCIBLE_SEED to repeat a failure.
uint64_t seed() {
  const char* const text = std::getenv("CRUCIBLE_SEED");
  return text == nullptr ? 20261123 : std::strtoull(text, nullptr, 0);
}

/// 10,000 for each configuration; CRUCIBLE_PRODUCTS asks for more.
uint64_t wanted_products() {
  const char* const text = std::getenv("CRUCIBLE_PRODUCTS");
  return text == nullptr ? 10'000 : std::strtoull(text, nullptr, 0);
}

class TileEquivalence : public testing::TestWithParam<const char*> {
 protected:
  TileEquivalence() {
    client_.sync(static_cast<uint16_t>(random_.uniform(0, 65535)),
                 static_cast<uint16_t>(random_.uniform(0, 65535)));
  }
  ~TileEquivalence() override {
    EXPECT_EQ(top_->assertion_failures(), 0) << top_->assertion_report();
  }

  /// Runs the job on both sides and compares results and counters.
  void check(models::BankCells cells, const models::TileSettings& settings, const Job& job,
             const std::vector<uint8_t>& memory) {
    cells.bank = job.bank;
    std::vector<uint8_t> x;
    for (uint32_t k = 0; k < job.count; ++k) {
      const size_t first = 4 * (size_t{job.in} + (job.count > 1 ? size_t{k} * job.stride : 0));
      x.insert(x.end(), memory.begin() + static_cast<std::ptrdiff_t>(first),
               memory.begin() + static_cast<std::ptrdiff_t>(first + job.rows));
    }
    std::vector<int64_t> expected(size_t{job.count} * (job.cols / 4));
    models::TileCounters expected_counters;
    models::reference_multiply(cells, static_cast<int>(job.rows), static_cast<int>(job.cols),
                               settings, job.read, x, static_cast<int>(job.count), expected,
                               expected_counters);
    device_.clear_counters();
    wave_.begins();
    device_.start(job);
    device_.wait();
    const std::vector<int64_t> got = device_.results(job);
    for (size_t i = 0; i < expected.size(); ++i) {
      ASSERT_EQ(got[i], expected[i]) << "vector " << i / (job.cols / 4) << ", output "
                                     << i % (job.cols / 4) << describe(settings, job);
    }
    const models::TileCounters counters = device_.counters();
    ASSERT_EQ(counters.products, expected_counters.products) << describe(settings, job);
    ASSERT_EQ(counters.saturations, expected_counters.saturations) << describe(settings, job);
    if (config_.effects != 0) {
      ASSERT_EQ(counters.clamps, expected_counters.clamps) << describe(settings, job);
      ASSERT_EQ(counters.reads, expected_counters.reads) << describe(settings, job);
    }
    wave_.ends();
    products_ += job.count;
  }

  /// Stuck states, zeros where there are none.
  [[nodiscard]] std::vector<uint8_t> stuck(const models::BankCells& cells) const {
    return cells.stuck.empty() ? std::vector<uint8_t>(cells.levels.size()) : cells.stuck;
  }

  [[nodiscard]] std::string describe(const models::TileSettings& s, const Job& j) const {
    const models::EffectSettings& e = s.effects;
    const std::string effects =
        config_.effects == 0
            ? std::string()
            : fmt::format(
                  "drift {}, stuck {}, noise {} (cell {}, slope {}), attenuation {}, ADC "
                  "gain {}, ADC INL {}, DAC {}, read {}, ",
                  e.drift, e.stuck, static_cast<int>(e.noise), e.noise_cell, e.noise_slope,
                  e.attenuation, e.adc_gain, e.adc_inl, e.dac, j.read);
    return fmt::format(
        "; {} products before; {}inject {}, lsb_exp {}, base {}, ADC {} shift {} bits {}, offsets "
        "{}; bank {}, rows {}, cols {}, "
        "count {}, in {}, stride {}, out {}; repeat with CRUCIBLE_SEED={}",
        products_, effects, s.inject, s.lsb_exp, s.base,
        s.adc.transparent ? "transparent" : "quantising", s.adc.shift, s.adc.bits,
        s.adc_offset.size(), j.bank, j.rows, j.cols, j.count, j.in, j.stride, j.out, seed());
  }

  std::unique_ptr<IRtlTop> top_ = make_rtl_top(GetParam(), seed());
  const spec::HardwareConfig& config_ = top_->config();
  StreamPort port_{*top_, StreamTraffic{.idle = 0.05, .stall = 0.05, .seed = seed()}};
  FrameClient client_{port_};
  TileDevice device_{client_};
  RandomCase random_{config_, seed()};
  uint64_t products_ = 0;
  FailureWave wave_{client_, *top_, seed()};
};

TEST_P(TileEquivalence, GivesTheDefinitionsBitsOnTenThousandRandomProducts) {
  constexpr int kMaxCount = 120, kMaxCellNoise = 12;
  const uint64_t wanted = wanted_products();
  ASSERT_GT(wanted, 0u) << "CRUCIBLE_PRODUCTS is no number of products";
  while (products_ < wanted) {
    models::BankCells cells = random_.cells();
    const int bank = random_.uniform(0, config_.banks - 1);
    device_.program(bank, cells);
    for (int n = random_.uniform(0, 4); n > 0; --n) {
      const int row = random_.uniform(0, config_.rows - 1);
      const int col = random_.uniform(0, config_.cols - 1);
      const int8_t offset = random_.offset();
      device_.poke(bank, row, col, offset);
      cells.offsets[static_cast<size_t>(row) * static_cast<size_t>(config_.cols) +
                    static_cast<size_t>(col)] = offset;
    }
    const std::vector<uint8_t> memory = random_.inputs(4 * static_cast<size_t>(config_.in_words));
    device_.load(0, memory);
    for (int n = 0; n < 4; ++n) {
      const models::TileSettings settings = random_.settings();
      device_.apply(settings);
      // Noise of cells is slow, on both sides.
      const bool cell_noise = settings.effects.noise == models::ReadNoise::kCell;
      Job job = random_.job(cell_noise ? kMaxCellNoise : kMaxCount);
      job.bank = static_cast<uint32_t>(bank);
      ASSERT_NO_FATAL_FAILURE(check(cells, settings, job, memory));
    }
  }
  fmt::print("{}: {} random products, twin = RTL to the last bit (seed {})\n", GetParam(),
             products_, seed());
}

TEST_P(TileEquivalence, ReadsBackEveryCellThatWasWritten) {
  std::vector<models::BankCells> banks;
  for (int bank = 0; bank < config_.banks; ++bank) {
    banks.push_back(random_.cells());
    device_.program(bank, banks.back());
  }
  for (int bank = 0; bank < config_.banks; ++bank) {
    const models::BankCells cells = device_.read_back(bank);
    const auto& expected = banks[static_cast<size_t>(bank)];
    ASSERT_TRUE(cells.levels == expected.levels && cells.offsets == expected.offsets &&
                stuck(cells) == stuck(expected))
        << "bank " << bank << "; repeat with CRUCIBLE_SEED=" << seed();
  }
}

TEST_P(TileEquivalence, ReadsBackTheColumnsOffsetsWithTheirSign) {
  models::TileSettings settings = random_.settings();
  settings.adc_offset.clear();
  for (int col = 0; col < config_.cols; ++col)
    settings.adc_offset.push_back(static_cast<int16_t>(random_.uniform(-32768, 32767)));
  device_.apply(settings);
  const std::vector<uint32_t> words =
      client_.get(spec::kWindowAdcOffset, static_cast<size_t>(config_.cols));
  for (size_t col = 0; col < words.size(); ++col) {
    ASSERT_EQ(static_cast<int32_t>(words[col]), settings.adc_offset[col])
        << "column " << col << "; repeat with CRUCIBLE_SEED=" << seed();
  }
}

TEST_P(TileEquivalence, ReadsBackTheTablesOfTheEffects) {
  if (config_.effects == 0) GTEST_SKIP() << "no effects here";
  const auto rows = static_cast<size_t>(config_.rows);
  const auto cols = static_cast<size_t>(config_.cols);
  const std::pair<uint32_t, size_t> tables[] = {{spec::kWindowColumnTable, cols},
                                                {spec::kWindowRowTable, rows},
                                                {spec::kWindowAdcInl, 4 * cols},
                                                {spec::kWindowDacInl, 4 * rows}};
  for (const auto& [base, size] : tables) {
    std::vector<uint32_t> words(size);
    for (uint32_t& word : words)
      word = static_cast<uint32_t>(random_.uniform(0, 0x7fff) | random_.uniform(0, 0x7fff) << 16);
    client_.put(base, words);
    ASSERT_EQ(client_.get(base, size), words)
        << "window " << base << "; repeat with CRUCIBLE_SEED=" << seed();
  }
}

TEST_P(TileEquivalence, IsTheIdealTileWithInjectionOffAndWithZeroOffsets) {
  models::BankCells cells = random_.cells();
  const std::vector<uint8_t> memory = random_.inputs(4 * static_cast<size_t>(config_.in_words));
  device_.load(0, memory);
  Job job = random_.job(20);
  models::TileSettings settings = random_.settings();
  device_.program(static_cast<int>(job.bank), cells);
  settings.inject = false;
  device_.apply(settings);
  // Off: the twin sees no offsets at all, the device holds them.
  models::BankCells ideal = cells;
  std::fill(ideal.offsets.begin(), ideal.offsets.end(), int8_t{0});
  ASSERT_NO_FATAL_FAILURE(check(ideal, settings, job, memory));
  const std::vector<int64_t> off = device_.results(job);
  // Zero offsets: on and off are the same.
  device_.program(static_cast<int>(job.bank), ideal);
  settings.inject = true;
  device_.apply(settings);
  ASSERT_NO_FATAL_FAILURE(check(ideal, settings, job, memory));
  EXPECT_EQ(device_.results(job), off);
}

TEST_P(TileEquivalence, AddsTheLargestNoiseOfColumnsWhereEveryRowIsOn) {
  if (config_.effects == 0) GTEST_SKIP() << "no effects here";
  const models::BankCells cells = random_.cells();
  models::TileSettings settings = random_.settings();
  settings.effects = {};
  settings.effects.noise = models::ReadNoise::kColumn;
  settings.effects.noise_cell = settings.effects.noise_slope = 0xFFFFFF;
  device_.apply(settings);
  Job job = random_.job(4);
  job.rows = static_cast<uint32_t>(config_.rows);
  job.in = job.stride = 0;
  device_.program(static_cast<int>(job.bank), cells);
  const std::vector<uint8_t> memory(4 * static_cast<size_t>(config_.in_words), 255);
  device_.load(0, memory);
  ASSERT_NO_FATAL_FAILURE(check(cells, settings, job, memory));
}

TEST_P(TileEquivalence, ConvertsAsDefinedAtEveryShiftAndWidthOfTheAdc) {
  constexpr int kShifts = 28, kMostBits = 12, kExps = 11, kMostOffset = 32767, kMostPower = 27;
  // A vector of zeros, so that a column's offset alone is converted, and one of anything.
  Job job{.rows = static_cast<uint32_t>(config_.rows),
          .cols = static_cast<uint32_t>(config_.cols),
          .count = 2,
          .stride = static_cast<uint32_t>(config_.rows / 4)};
  std::vector<uint8_t> memory = random_.inputs(4 * static_cast<size_t>(config_.in_words));
  std::fill_n(memory.begin(), config_.rows, uint8_t{0});
  device_.load(0, memory);
  const models::BankCells cells = random_.cells();
  device_.program(0, cells);
  for (int shift = 0; shift < kShifts; ++shift) {
    for (int bits = 0; bits <= kMostBits; ++bits) {
      models::TileSettings settings;
      settings.inject = true;
      settings.base = random_.uniform(0, 255);
      settings.adc = {.transparent = bits == 0, .shift = shift, .bits = std::max(1, bits)};
      // Offsets just around the end of the range, and around another power of two.
      const int end = shift + (bits == 0 ? shift : bits);
      const int power = random_.uniform(0, 1) != 0 ? end : random_.uniform(shift, kMostPower);
      const int exp = std::clamp(power - 14, 0, kExps - 1);
      settings.lsb_exp = 8 + exp;
      const int64_t half =
          shift == 0 || settings.adc.transparent ? 0 : int64_t{1} << (shift - 1) >> exp;
      const auto limit =
          static_cast<int>(std::min(int64_t{kMostOffset}, int64_t{1} << power >> exp) -
                           std::min(half, int64_t{kMostOffset}));
      for (int col = 0; col < config_.cols; ++col) {
        settings.adc_offset.push_back(
            static_cast<int16_t>(std::clamp(limit + col % 4 - 2, -kMostOffset, kMostOffset)));
      }
      device_.apply(settings);
      ASSERT_NO_FATAL_FAILURE(check(cells, settings, job, memory));
    }
  }
}

TEST_P(TileEquivalence, StopsAtTheRailsAtEveryBaseAndLsb) {
  const std::vector<uint8_t> memory = random_.inputs(4 * static_cast<size_t>(config_.in_words));
  device_.load(0, memory);
  for (const int base : {0, 1, 2, 4, 8, 16, 32, 63, 64, 65, 127, 128, 129, 255}) {
    // Offsets just around the two rails of a cell, where the LSB is 2^-8 level.
    models::BankCells cells = random_.cells();
    for (int8_t& offset : cells.offsets) {
      const int beside = (random_.uniform(0, 1) != 0 ? base : -base) + random_.uniform(-1, 1);
      if (random_.uniform(0, 3) != 0) offset = static_cast<int8_t>(std::clamp(beside, -128, 127));
    }
    Job job = random_.job(4);
    job.rows = static_cast<uint32_t>(config_.rows);
    job.count = 1;
    job.in = 0;
    device_.program(static_cast<int>(job.bank), cells);
    for (int lsb_exp = 8; lsb_exp <= 18; ++lsb_exp) {
      models::TileSettings settings;
      settings.inject = true;
      settings.lsb_exp = lsb_exp;
      settings.base = base;
      settings.adc.transparent = true;
      device_.apply(settings);
      ASSERT_NO_FATAL_FAILURE(check(cells, settings, job, memory));
    }
  }
}

TEST_P(TileEquivalence, FindsItsWordsWhateverBitOfTheirPlaceIsSet) {
  const models::BankCells cells = random_.cells();
  std::vector<uint8_t> memory(4 * static_cast<size_t>(config_.in_words));
  for (uint8_t& input : memory) input = static_cast<uint8_t>(random_.uniform(0, 255));
  device_.program(0, cells);
  device_.load(0, memory);
  models::TileSettings settings;
  settings.adc.transparent = true;  // no difference is lost
  device_.apply(settings);
  const Job one{.rows = 4, .cols = 4, .count = 2};
  const auto in_words = static_cast<uint32_t>(config_.in_words);
  const auto out_words = static_cast<uint32_t>(config_.out_words);
  for (uint32_t bit = 1; bit < std::max(in_words, out_words); bit <<= 1) {
    for (uint32_t Job::*const field : {&Job::in, &Job::stride, &Job::out}) {
      Job job = one;
      job.*field = bit;
      if (job.in + job.stride >= in_words || job.out + job.count > out_words) continue;
      ASSERT_NO_FATAL_FAILURE(check(cells, settings, job, memory));
    }
  }
}

TEST_P(TileEquivalence, KeepsOtherBanksAndOtherResultsUntouched) {
  if (config_.banks == 1) GTEST_SKIP() << "there is no other bank";
  const models::BankCells first = random_.cells();
  const models::BankCells last = random_.cells();
  device_.program(0, first);
  device_.program(config_.banks - 1, last);
  const std::vector<uint8_t> memory = random_.inputs(4 * static_cast<size_t>(config_.in_words));
  device_.load(0, memory);
  models::TileSettings settings = random_.settings();
  device_.apply(settings);
  const auto columns = static_cast<uint32_t>(config_.cols);
  const Job a{.bank = 0,
              .rows = static_cast<uint32_t>(config_.rows),
              .cols = columns,
              .count = 2,
              .in = 0,
              .stride = 1,
              .out = 0};
  Job b = a;
  b.bank = static_cast<uint32_t>(config_.banks - 1);
  b.out = a.count * columns / 4;
  ASSERT_NO_FATAL_FAILURE(check(first, settings, a, memory));
  const std::vector<int64_t> results = device_.results(a);
  ASSERT_NO_FATAL_FAILURE(check(last, settings, b, memory));
  EXPECT_EQ(device_.results(a), results);
  EXPECT_EQ(device_.read_back(0).offsets, first.offsets);
}

INSTANTIATE_TEST_SUITE_P(Configurations, TileEquivalence,
                         testing::ValuesIn(tested_configs({"tiny", "small", "full"})),
                         [](const auto& instance) { return std::string(instance.param); });

}  // namespace
}  // namespace crucible::sim
