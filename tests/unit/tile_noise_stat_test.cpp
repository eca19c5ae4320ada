// Statistics of the tile's random numbers: the exact distribution of the Gaussian, and draws along
// every axis against it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>

#include "tests/unit/stat_support.hpp"

namespace crucible::models {
namespace {

using testing::exact_gauss;
using testing::kTwoSided;

constexpr double kUnit = 0x1p-12;  // standard deviations

// The chord between two entries lies above the convex Q(p) by at most h^2 Q'' / 8. With h <= p / 8
// and Q'' = z / density^2 that is z (p / density)^2 / 512 <= 1 / (512 z) (Mills' ratio), below
// 0.003 from z = 0.67 on; in the first octave h = 1/32 and Q'' <= 6.7 leave 0.001. Half a unit for
// the entries, one for the product rounded down and 391 / 256 for the fraction's 8 bits come on
// top.
constexpr double kFunctionError = 0.003 + 3.1 * kUnit;

TEST(GaussStatistics, CountsEveryInputOnce) {
  uint64_t inputs = 0;
  for (int32_t z = -exact_gauss().kMost; z <= exact_gauss().kMost; ++z) {
    inputs += exact_gauss().count(z);
    ASSERT_EQ(exact_gauss().count(z), exact_gauss().count(-z)) << z;
  }
  EXPECT_EQ(inputs, uint64_t{1} << 32);
  // The steps that are counted are steps: any input below the 12 leading bits gives the same.
  uint32_t random = 1;
  for (int i = 0; i < 100'000; ++i) {
    random = random * 1664525 + 1013904223;
    const uint32_t v = random & 0x7FFFFFFF;
    const int below = 32 - 1 - __builtin_clz(v | 1) - 11;
    if (below > 0) {
      ASSERT_EQ(gauss(v), gauss(v >> below << below)) << v;
    }
  }
}

TEST(GaussStatistics, HasTheMomentsOfTheGaussian) {
  const double variance = exact_gauss().mean([](int32_t z) { return z * kUnit * z * kUnit; });
  const double fourth = exact_gauss().mean([](int32_t z) { return std::pow(z * kUnit, 4.0); });
  // E (z + d)^2 - 1 <= 2 E|z| d + d^2 with E|z| = 0.8; E (z + d)^4 - 3 <= 4 E|z|^3 d + ..., 1.6.
  EXPECT_NEAR(variance, 1.0, 1.7 * kFunctionError);
  EXPECT_NEAR(fourth, 3.0, 6.8 * kFunctionError);
  RecordProperty("variance", fmt::format("{:.6f}", variance));
  RecordProperty("fourth", fmt::format("{:.6f}", fourth));
}

TEST(GaussStatistics, HasTheGaussiansTailsBeyondFiveSigma) {
  const auto tail = [](double z) { return 0.5 * std::erfc(z / std::sqrt(2.0)) * 0x1p32; };
  uint64_t inputs = 0;  // that give z or more
  int beyond_five = 0;
  for (int32_t z = exact_gauss().kMost; z > 0; --z) {
    if (exact_gauss().count(z) == 0) continue;
    inputs += exact_gauss().count(z);
    // An input v has the probability v / 2^32, and v + 1 inputs reach as far as it does.
    ASSERT_GE(static_cast<double>(inputs), tail(z * kUnit + kFunctionError)) << z;
    ASSERT_LE(static_cast<double>(inputs), tail(z * kUnit - kFunctionError) + 1) << z;
    if (z > 5 << 12) ++beyond_five;
  }
  EXPECT_GT(beyond_five, 100);
}

/// Draw number i of a sequence.
using Sequence = std::function<uint32_t(uint32_t i)>;

struct Axis {
  const char* name;
  Sequence draw;
};

const std::vector<Axis>& axes() {
  constexpr uint64_t kSeed = 0x5EED5EED01234567;
  static const std::vector<Axis> all = {
      {"cells", [](uint32_t i) { return draw(kSeed, Draw::kCellRead, 7, i, 3); }},
      {"columns", [](uint32_t i) { return draw(kSeed, Draw::kColumnRead, 7, i, 4); }},
      {"planes",
       [](uint32_t i) { return draw(kSeed, Draw::kCellRead, 7, i / 8, static_cast<int>(i % 8)); }},
      {"reads", [](uint32_t i) { return draw(kSeed, Draw::kCellRead, i, 77, 3); }},
      {"late reads", [](uint32_t i) { return draw(kSeed, Draw::kCellRead, ~i, 77, 3); }},
      {"attempts", [](uint32_t i) { return draw(kSeed, Draw::kOffset, i % 16, i / 16, 5); }},
      {"pulses", [](uint32_t i) { return draw(kSeed, Draw::kPulse, i % 255 + 1, i / 255, 0); }},
      {"seeds", [](uint32_t i) { return draw(i, Draw::kCellRead, 0, 0, 0); }},
      {"high seeds",
       [](uint32_t i) { return draw(uint64_t{i} << 32, Draw::kColumnRead, 0, 0, 1); }},
      {"purposes",
       [](uint32_t i) { return draw(kSeed, static_cast<Draw>(i % 5 + 1), 0, i / 5, 2); }}};
  return all;
}

TEST(DrawStatistics, FollowTheExactDistributionAlongEveryAxis) {
  constexpr uint32_t kDraws = 1 << 20;
  constexpr size_t kBins = 64;
  const auto& exact = exact_gauss();
  // Bins of about the same probability, and the exact probability of each.
  std::vector<size_t> bin_of(2 * static_cast<size_t>(exact.kMost) + 1);
  testing::Distribution bins = testing::zeros(0, kBins - 1);
  double below = 0;
  for (int32_t z = -exact.kMost; z <= exact.kMost; ++z) {
    const auto bin = std::min(kBins - 1, static_cast<size_t>(below * kBins));
    bin_of[static_cast<size_t>(z + exact.kMost)] = bin;
    bins.probability[bin] += exact.probability(z);
    below += exact.probability(z);
  }
  const double variance = exact.mean([](int32_t z) { return double{1} * z * z; });
  const double fourth = exact.mean([](int32_t z) { return std::pow(z, 4.0); });
  for (const Axis& axis : axes()) {
    std::vector<uint64_t> counts(kBins);
    std::vector<double> z(kDraws);
    double sum = 0, squares = 0;
    for (uint32_t i = 0; i < kDraws; ++i) {
      const int32_t value = gauss(axis.draw(i));
      ++counts[bin_of[static_cast<size_t>(value + exact.kMost)]];
      z[i] = value;
      sum += z[i];
      squares += z[i] * z[i];
    }
    testing::expect_distribution(counts, bins, axis.name);
    testing::expect_mean(sum / kDraws, 0, variance, kDraws, axis.name);
    testing::expect_mean(squares / kDraws, variance, fourth - variance * variance, kDraws,
                         axis.name);
    for (uint32_t lag = 1; lag <= 16; ++lag) {
      double products = 0;
      for (uint32_t i = lag; i < kDraws; ++i) products += z[i] * z[i - lag];
      testing::expect_mean(products / (kDraws - lag), 0, variance * variance, kDraws - lag,
                           fmt::format("{}, lag {}", axis.name, lag));
    }
  }
}

TEST(DrawStatistics, ReachTheTailsAsOftenAsTheyShould) {
  constexpr uint32_t kReads = 1 << 10, kCells = 1 << 14;  // 2^24 draws of each plane of a pair
  std::vector<uint32_t> even(kCells), odd(kCells);
  std::array<double, 7> beyond{};
  for (uint32_t read = 0; read < kReads; ++read) {
    draw_pairs(11, Draw::kCellRead, read, 0, 0, kCells, even.data(), odd.data());
    for (const auto* draws : {&even, &odd}) {
      for (const uint32_t u : *draws) {
        const int32_t z = gauss(u);
        const int whole = std::abs(z) >> 12;
        if (whole >= 3) beyond[static_cast<size_t>(whole)] += 1;
      }
    }
  }
  const double draws = 2.0 * kReads * kCells;
  double found = 0;
  for (int sigmas = 6; sigmas >= 3; --sigmas) {
    found += beyond[static_cast<size_t>(sigmas)];
    const double share = 2 * exact_gauss().share_above((sigmas << 12) - 1);
    testing::expect_count(found, draws * share, fmt::format("beyond {} sigma", sigmas));
  }
}

TEST(DrawStatistics, HaveBitsThatAreFair) {
  constexpr uint32_t kDraws = 1 << 18;
  for (const Axis& axis : axes()) {
    std::array<double, 32> ones{};
    for (uint32_t i = 0; i < kDraws; ++i) {
      const uint32_t u = axis.draw(i);
      for (size_t bit = 0; bit < 32; ++bit) ones[bit] += u >> bit & 1;
    }
    for (size_t bit = 0; bit < 32; ++bit) {
      testing::expect_mean(ones[bit] / kDraws, 0.5, 0.25, kDraws,
                           fmt::format("{}, bit {}", axis.name, bit));
    }
  }
}

}  // namespace
}  // namespace crucible::models
