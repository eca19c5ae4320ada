// Statistics of noisy reads: both modes against the exact moments of what they are made of, and
// against each other far from the rails.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "models/tile/rshift.hpp"
#include "tests/unit/models_support.hpp"
#include "tests/unit/stat_support.hpp"

namespace crucible::models {
namespace {

using testing::exact_gauss;

constexpr int kRows = 16, kVectors = 100'000;

/// Four columns with levels 1 or 2 in the middle of wide rails, transparent ADC.
struct NoisyTile {
  BankCells cells{kRows, 4, {}, std::vector<int8_t>(4 * kRows)};
  TileSettings settings;
  uint8_t input = 1;  ///< of every row

  explicit NoisyTile(ReadNoise mode) {
    for (int i = 0; i < 4 * kRows; ++i) cells.levels.push_back(static_cast<uint8_t>(1 + i % 5 % 2));
    settings.lsb_exp = 8;
    settings.base = 255;
    settings.adc.transparent = true;
    settings.effects.noise = mode;
    settings.effects.noise_seed = 99;
    settings.effects.noise_cell = 700 << 8;  // 26 of 2^-8 level
    settings.effects.noise_slope = 2 << 16;  // and 32 at level 1
  }

  [[nodiscard]] std::vector<int64_t> sample() const {
    std::vector<int64_t> out(kVectors);
    TileCounters counters;
    const std::vector<uint8_t> x(static_cast<size_t>(kRows) * kVectors, input);
    prepare_bank(cells, kRows, 4, settings)->multiply(0, x, kVectors, out, counters);
    return out;
  }
  [[nodiscard]] int64_t conductance(int cell) const {
    return settings.base + 256 * int64_t{cells.levels[static_cast<size_t>(cell)]};
  }
  [[nodiscard]] uint64_t variance(int64_t count, int64_t sum) const {
    const EffectSettings& e = settings.effects;
    return static_cast<uint64_t>(e.noise_cell * count + ((e.noise_slope * sum) >> 8));
  }
};

struct Moments {
  double mean = 0, variance = 0, fourth = 0;  ///< central

  Moments& operator+=(const Moments& o) {  // of the sum of independent values
    fourth += o.fourth + 6 * variance * o.variance;
    variance += o.variance;
    mean += o.mean;
    return *this;
  }
  [[nodiscard]] Moments times(double f) const {
    return {f * mean, f * f * variance, f * f * f * f * fourth};
  }
};

/// Exact moments of f(z).
template <class Function>
Moments moments(const Function& f) {
  Moments m;
  m.mean = exact_gauss().mean(f);
  const auto central = [&](int32_t z) { return static_cast<double>(f(z)) - m.mean; };
  m.variance = exact_gauss().mean([&](int32_t z) { return std::pow(central(z), 2.0); });
  m.fourth = exact_gauss().mean([&](int32_t z) { return std::pow(central(z), 4.0); });
  return m;
}

void expect_moments(const std::vector<int64_t>& sample, const Moments& m, const std::string& what) {
  const auto n = static_cast<double>(sample.size());
  double sum = 0, squares = 0;
  for (const int64_t value : sample) {
    const double centred = static_cast<double>(value) - m.mean;
    sum += centred;
    squares += centred * centred;
  }
  testing::expect_mean(sum / n, 0, m.variance, n, what + ", mean");
  testing::expect_mean(squares / n, m.variance, m.fourth - m.variance * m.variance, n,
                       what + ", variance");
}

/// What the output of one plane is made of: a cell's clamped read, by column weight.
Moments cell_mode(const NoisyTile& tile, int64_t rail) {
  Moments all;
  for (int cell = 0; cell < 4 * kRows; ++cell) {
    const int64_t g = tile.conductance(cell);
    const uint32_t s = sigma(tile.variance(1, g));
    const double weight = std::array{1, 4, -1, -4}[static_cast<size_t>(cell % 4)];
    all += moments([&](int32_t z) {
             return std::clamp(g + noise(s, z, 8), int64_t{0}, rail);
           }).times(weight);
  }
  return all;
}

Moments column_mode(const NoisyTile& tile) {
  Moments all;
  for (int c = 0; c < 4; ++c) {
    int64_t sum = 0;
    for (int r = 0; r < kRows; ++r) sum += tile.conductance(4 * r + c);
    const uint32_t s = sigma(tile.variance(kRows, sum));
    const double weight = std::array{1, 4, -1, -4}[static_cast<size_t>(c)];
    all += moments([&](int32_t z) { return sum + noise(s, z, 8); }).times(weight);
  }
  return all;
}

TEST(ReadNoiseStatistics, OfCellsHaveTheExactMoments) {
  const NoisyTile tile(ReadNoise::kCell);
  expect_moments(tile.sample(), cell_mode(tile, 2 * 255 + 3 * 256), "cells");
}

TEST(ReadNoiseStatistics, OfColumnsHaveTheExactMoments) {
  const NoisyTile tile(ReadNoise::kColumn);
  expect_moments(tile.sample(), column_mode(tile), "columns");
}

TEST(ReadNoiseStatistics, OfColumnsAreThoseOfCellsFarFromTheRails) {
  const NoisyTile cells(ReadNoise::kCell), columns(ReadNoise::kColumn);
  const Moments a = cell_mode(cells, 2 * 255 + 3 * 256), b = column_mode(columns);
  // Rounded halves go up in every cell and once in a column: half an LSB's lowest bit at most.
  EXPECT_NEAR(a.mean, b.mean, 10.0 * kRows * 0x1p-8);
  // Two roots of 0.8 % and one unit of 2^-8 each, and 1/12 LSB^2 a rounding.
  EXPECT_NEAR(a.variance / b.variance, 1.0, 2 * (0.016 + 2.0 / 256 / 26) + 1 / (12.0 * 700));
  const std::vector<int64_t> sample_a = cells.sample(), sample_b = columns.sample();
  testing::expect_same_distribution(sample_a, sample_b, "cells and columns");
  // The same distribution, but other draws.
  EXPECT_NE(sample_a, sample_b);
}

TEST(ReadNoiseStatistics, OfClampedCellsAreThoseOfTheClampedGaussian) {
  NoisyTile tile(ReadNoise::kCell);
  tile.settings.base = 0;
  tile.settings.effects.noise_cell = 0xFFFFFF;  // a whole level: both rails bite
  for (auto& level : tile.cells.levels) level = static_cast<uint8_t>(level == 1 ? 0 : 3);
  const Moments m = cell_mode(tile, 3 * 256);
  expect_moments(tile.sample(), m, "clamped cells");
  tile.settings.effects.noise = ReadNoise::kColumn;
  EXPECT_LT(m.variance, 0.5 * column_mode(tile).variance);
}

TEST(ReadNoiseStatistics, OfPlanesAndReadsAreIndependent) {
  // With input 255 all planes carry the same rows: the output's variance is the planes' sum.
  for (const ReadNoise mode : {ReadNoise::kCell, ReadNoise::kColumn}) {
    NoisyTile tile(mode);
    tile.input = 255;
    const Moments one =
        mode == ReadNoise::kCell ? cell_mode(tile, 2 * 255 + 3 * 256) : column_mode(tile);
    Moments all;
    for (int p = 0; p < 8; ++p) all += one.times(1 << p);
    const std::vector<int64_t> sample = tile.sample();
    const char* const name = mode == ReadNoise::kCell ? "cells" : "columns";
    expect_moments(sample, all, name);
    for (size_t lag = 1; lag <= 8; ++lag) {
      double products = 0;
      for (size_t i = lag; i < sample.size(); ++i) {
        products += (static_cast<double>(sample[i]) - all.mean) *
                    (static_cast<double>(sample[i - lag]) - all.mean);
      }
      const auto n = static_cast<double>(sample.size() - lag);
      testing::expect_mean(products / n, 0, all.variance * all.variance, n,
                           fmt::format("{}, reads {} apart", name, lag));
    }
  }
}

TEST(ReadNoiseStatistics, DependOnTheSeed) {
  NoisyTile tile(ReadNoise::kColumn);
  const std::vector<int64_t> first = tile.sample();
  tile.settings.effects.noise_seed += uint64_t{1} << 32;
  const std::vector<int64_t> second = tile.sample();
  EXPECT_NE(first, second);
  testing::expect_same_distribution(first, second, "two seeds");
}

}  // namespace
}  // namespace crucible::models
