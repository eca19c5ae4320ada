// Prepared banks with effects against the definition, on every kernel of this machine: each effect
// alone, all of them at random, and what must change nothing.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>

#include "models/error.hpp"
#include "tests/unit/models_support.hpp"

namespace crucible::models {
namespace {

using testing::Random;

struct Product {
  std::vector<int64_t> out;
  TileCounters counters;
  friend bool operator==(const Product&, const Product&) = default;
};

/// A random bank, settings and vectors.
struct Bank {
  explicit Bank(uint64_t seed) {
    Random random(seed);
    rows = random(1, 40);
    cols = 4 * random(1, 12);
    rows_used = random.one_in(2) ? rows : random(1, rows);
    cols_used = random.one_in(2) ? cols : 4 * random(1, cols / 4);
    cells = testing::random_cells(random, rows, cols);
    testing::add_stuck(random, cells);
    settings = testing::random_settings(random, rows_used, cols);
    settings.effects = testing::random_effects(random, rows, cols);
    count = random(1, 3);
    first_read = random.one_in(4) ? 0xFFFFFFFF : static_cast<uint32_t>(random(0, 1'000'000));
    x = testing::random_inputs(random, count, rows_used);
  }

  [[nodiscard]] Product defined() const {
    Product product{std::vector<int64_t>(static_cast<size_t>(count) * (cols_used / 4)), {}};
    reference_multiply(cells, rows_used, cols_used, settings, first_read, x, count, product.out,
                       product.counters);
    return product;
  }
  [[nodiscard]] Product prepared(Kernel kernel) const {
    Product product{std::vector<int64_t>(static_cast<size_t>(count) * (cols_used / 4), -1), {}};
    prepare_bank(cells, rows_used, cols_used, settings, kernel)
        ->multiply(first_read, x, count, product.out, product.counters);
    return product;
  }

  int rows, cols, rows_used, cols_used, count;
  BankCells cells;
  TileSettings settings;
  uint32_t first_read;
  std::vector<uint8_t> x;
};

/// All enables off, the numbers as they are.
void switch_off(EffectSettings& effects) {
  effects.drift = effects.stuck = effects.attenuation = false;
  effects.adc_gain = effects.adc_inl = effects.dac = false;
  effects.noise = ReadNoise::kNone;
}

struct Effect {
  const char* name;
  std::function<void(EffectSettings&)> enable;
};

const std::vector<Effect>& effects() {
  static const std::vector<Effect> all = {
      {"drift", [](EffectSettings& e) { e.drift = true; }},
      {"stuck", [](EffectSettings& e) { e.stuck = true; }},
      {"noise of cells", [](EffectSettings& e) { e.noise = ReadNoise::kCell; }},
      {"noise of columns", [](EffectSettings& e) { e.noise = ReadNoise::kColumn; }},
      {"attenuation", [](EffectSettings& e) { e.attenuation = true; }},
      {"ADC gain", [](EffectSettings& e) { e.adc_gain = true; }},
      {"ADC non-linearity", [](EffectSettings& e) { e.adc_inl = true; }},
      {"input converters", [](EffectSettings& e) { e.dac = true; }}};
  return all;
}

class TileEffects : public ::testing::TestWithParam<Kernel> {
 protected:
  void SetUp() override {
    if (!has_kernel(GetParam())) GTEST_SKIP() << "no " << kernel_name(GetParam()) << " here";
  }
};

void expect_equal(const Product& got, const Product& expected, const std::string& what) {
  ASSERT_EQ(got.out, expected.out) << what;
  ASSERT_EQ(got.counters.products, expected.counters.products) << what;
  ASSERT_EQ(got.counters.saturations, expected.counters.saturations) << what;
  ASSERT_EQ(got.counters.clamps, expected.counters.clamps) << what;
  ASSERT_EQ(got.counters.reads, expected.counters.reads) << what;
}

TEST_P(TileEffects, EqualTheDefinitionOnRandomBanks) {
  for (uint64_t seed = 1; seed <= 1500; ++seed) {
    const Bank bank(seed);
    ASSERT_NO_FATAL_FAILURE(
        expect_equal(bank.prepared(GetParam()), bank.defined(), fmt::format("seed {}", seed)));
  }
}

TEST_P(TileEffects, EqualTheDefinitionEachAlone) {
  for (const Effect& effect : effects()) {
    int differing = 0;  // from the tile without it, so that the comparison means something
    for (uint64_t seed = 1; seed <= 100; ++seed) {
      Bank bank(10'000 + seed);
      switch_off(bank.settings.effects);
      const Product without = bank.defined();
      effect.enable(bank.settings.effects);
      const Product with = bank.defined();
      if (with.out != without.out) ++differing;
      ASSERT_NO_FATAL_FAILURE(expect_equal(bank.prepared(GetParam()), with,
                                           fmt::format("{}, seed {}", effect.name, seed)));
    }
    EXPECT_GT(differing, 30) << effect.name;
  }
}

TEST_P(TileEffects, AreNoOpsWithAllNumbersAtZero) {
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    Bank bank(20'000 + seed);
    switch_off(bank.settings.effects);
    const Product off = bank.defined();
    for (const bool empty : {false, true}) {
      for (const Effect& effect : effects()) {
        EffectSettings zeros;
        if (!empty) {
          const auto rows = static_cast<size_t>(bank.rows), cols = static_cast<size_t>(bank.cols);
          zeros.row_loss.resize(rows);
          zeros.col_loss.resize(cols);
          zeros.dac_offset.resize(rows);
          zeros.dac_gain.resize(rows);
          zeros.dac_inl.resize(16 * rows);
          zeros.adc_gain_error.resize(cols);
          zeros.adc_inl_steps.resize(16 * cols);
        }
        Bank same = bank;
        same.settings.effects = zeros;
        effect.enable(same.settings.effects);
        same.cells.stuck.assign(empty ? 0 : same.cells.levels.size(), 0);
        Product expected = off;
        // A cell that a rail limits is counted in every plane that is read.
        if (same.settings.effects.noise == ReadNoise::kCell) expected.counters.clamps *= 8;
        const std::string what = fmt::format("{}, seed {}", effect.name, seed);
        ASSERT_NO_FATAL_FAILURE(expect_equal(same.defined(), expected, what));
        ASSERT_NO_FATAL_FAILURE(expect_equal(same.prepared(GetParam()), expected, what));
      }
    }
  }
}

TEST_P(TileEffects, DependOnTheNumberOfTheReadNotOnTheBatch) {
  for (uint64_t seed = 1; seed <= 100; ++seed) {
    Bank bank(30'000 + seed);
    const Product whole = bank.prepared(GetParam());
    std::vector<int64_t> out;
    const auto prepared =
        prepare_bank(bank.cells, bank.rows_used, bank.cols_used, bank.settings, GetParam());
    TileCounters counters;
    const auto width = static_cast<size_t>(bank.rows_used);
    for (int k = 0; k < bank.count; ++k) {
      std::vector<int64_t> one(static_cast<size_t>(bank.cols_used / 4));
      prepared->multiply(bank.first_read + static_cast<uint32_t>(k),
                         std::span(bank.x).subspan(static_cast<size_t>(k) * width, width), 1, one,
                         counters);
      out.insert(out.end(), one.begin(), one.end());
    }
    ASSERT_NO_FATAL_FAILURE(expect_equal({out, counters}, whole, fmt::format("seed {}", seed)));
  }
}

TEST_P(TileEffects, OfATallBankStayWithinItsNumbers) {
  for (const ReadNoise mode : {ReadNoise::kCell, ReadNoise::kColumn}) {
    Bank bank(1);
    bank.rows = bank.rows_used = 1024;
    bank.cols = bank.cols_used = 4;
    bank.cells = {1024, 4, std::vector<uint8_t>(4096, 3), std::vector<int8_t>(4096, 127)};
    bank.settings = {true, 18, 255, {true, 27, 12}, std::vector<int16_t>(4, 32767), {}};
    EffectSettings& e = bank.settings.effects;
    e.noise = mode;
    e.noise_cell = e.noise_slope = 0xFFFFFF;
    e.adc_gain = true;
    e.adc_gain_error.assign(4, 32767);
    bank.cells.levels[1] = 0;
    bank.count = 1;
    bank.x.assign(1024, 255);
    for (const bool transparent : {true, false}) {
      bank.settings.adc.transparent = transparent;
      ASSERT_NO_FATAL_FAILURE(expect_equal(bank.prepared(GetParam()), bank.defined(), "tall"));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, TileEffects,
                         ::testing::Values(Kernel::kPortable, Kernel::kAvx2, Kernel::kAvx512),
                         [](const auto& kernel) { return std::string(kernel_name(kernel.param)); });

}  // namespace
}  // namespace crucible::models
