// Statistics of chips made from a seed: offsets, stuck cells and write-verify against their exact
// distributions, which follow from that of the Gaussian by enumeration.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "models/tile/chip_generator.hpp"
#include "models/tile/rshift.hpp"
#include "tests/unit/stat_support.hpp"

namespace crucible::models {
namespace {

using testing::Distribution;
using testing::exact_gauss;

constexpr size_t kCells = 1 << 20;

std::vector<uint8_t> levels(uint8_t level) { return std::vector<uint8_t>(kCells, level); }

/// Z of a shape: the Gaussian cut, with what is drawn 16 times in vain at the limits.
template <class Use>
void each_z(const GeneratorSettings& settings, const Use& use) {
  const int32_t limit = settings.limit << 4;
  const double beyond = 2 * exact_gauss().share_above(limit);
  const double vain = std::pow(beyond, 16);
  for (int32_t z = -exact_gauss().kMost; z <= exact_gauss().kMost; ++z) {
    const double p = exact_gauss().probability(z);
    if (p == 0) continue;
    switch (settings.kind) {
      case OffsetShape::kGaussian:
        use(z, p);
        break;
      case OffsetShape::kTruncated:
        if (std::abs(z) <= limit) use(z, p * (1 - vain) / (1 - beyond));
        break;
      case OffsetShape::kRightCensored:
        use(std::min(z, limit), p);
        break;
    }
  }
  if (settings.kind == OffsetShape::kTruncated) {
    use(-limit, vain / 2);
    use(limit, vain / 2);
  }
}

constexpr int kFarthest = 2048;  // any deviation, LSB

Distribution deviation(const GeneratorSettings& settings, uint8_t level) {
  Distribution all = testing::zeros(-kFarthest, kFarthest);
  each_z(settings,
         [&](int32_t z, double p) { all.add(rshift(int64_t{z} * settings.sigma[level], 20), p); });
  return all;
}

Distribution offsets_of(const Distribution& deviations) {
  Distribution all = testing::zeros(-128, 127);
  for (size_t i = 0; i < deviations.probability.size(); ++i)
    all.add(std::clamp(deviations.value(i), -128, 127), deviations.probability[i]);
  return all;
}

std::vector<uint64_t> counted(const std::vector<int8_t>& offsets) {
  std::vector<uint64_t> counts(256);
  for (const int8_t offset : offsets) ++counts[static_cast<size_t>(offset + 128)];
  return counts;
}

TEST(ChipStatistics, OffsetsFollowTheirExactDistribution) {
  for (const OffsetShape kind :
       {OffsetShape::kGaussian, OffsetShape::kTruncated, OffsetShape::kRightCensored}) {
    for (const int limit : {128, 256, 384, 700}) {
      GeneratorSettings settings;
      settings.kind = kind;
      settings.limit = limit;
      settings.sigma = {20 << 8, (45 << 8) + 100, 3 << 8, 0x280};
      settings.seed = 1000u * static_cast<unsigned>(kind) + static_cast<unsigned>(limit);
      for (uint8_t level = 0; level < 4; ++level) {
        uint64_t pulses = 0, unverified = 0;
        const auto offsets = generate_offsets(levels(level), settings, pulses, unverified);
        testing::expect_distribution(
            counted(offsets), offsets_of(deviation(settings, level)),
            fmt::format("kind {}, limit {}, level {}", static_cast<int>(kind), limit, level));
        EXPECT_EQ(pulses + unverified, 0u);
      }
    }
  }
}

TEST(ChipStatistics, TruncationHoldsItsLimitAndClampsTheStatedShare) {
  GeneratorSettings settings;
  settings.kind = OffsetShape::kTruncated;
  settings.limit = 128;  // half a standard deviation
  settings.sigma.fill(200 << 8);
  settings.seed = 5;
  uint64_t none = 0;
  double at_limit = 0;
  for (const int8_t offset : generate_offsets(levels(0), settings, none, none)) {
    ASSERT_LE(std::abs(offset), 100);
    if (std::abs(offset) == 100) ++at_limit;
  }
  const Distribution exact = offsets_of(deviation(settings, 0));
  const double share = exact.probability[28] + exact.probability[228];
  testing::expect_mean(at_limit / kCells, share, share, kCells, "share at the limit");
  // Of that, (1 - p)^16 is clamped: below the 5e-4 of docs/numerics.md, and from 1 on below 2e-8.
  EXPECT_LT(std::pow(2 * exact_gauss().share_above(128 << 4), 16), 5e-4);
  EXPECT_LT(std::pow(2 * exact_gauss().share_above(256 << 4), 16), 2e-8);
}

TEST(ChipStatistics, RightCensoringMovesTheUpperTailOntoItsLimit) {
  GeneratorSettings settings;
  settings.kind = OffsetShape::kRightCensored;
  settings.limit = 256;  // one standard deviation
  settings.sigma.fill(40 << 8);
  settings.seed = 6;
  uint64_t none = 0;
  double at_limit = 0, below = 0;
  for (const int8_t offset : generate_offsets(levels(2), settings, none, none)) {
    ASSERT_LE(offset, 40);
    at_limit += offset == 40 ? 1 : 0;
    below += offset < -40 ? 1 : 0;
  }
  // A sixth lies beyond one standard deviation, and 0.6 % within half an LSB of it.
  const Distribution exact = offsets_of(deviation(settings, 2));
  const double share = exact.probability[168];
  EXPECT_NEAR(share, 0.159 + 0.003, 0.002);
  testing::expect_mean(at_limit / kCells, share, share * (1 - share), kCells, "share at the limit");
  EXPECT_NEAR(below / kCells, 0.159 - 0.003, 0.005);
}

TEST(ChipStatistics, OffsetsOfNeighboursAndSeedsAreUncorrelated) {
  GeneratorSettings settings;
  settings.sigma.fill(30 << 8);
  uint64_t none = 0;
  const auto chip = [&](uint64_t seed) {
    settings.seed = seed;
    return generate_offsets(levels(1), settings, none, none);
  };
  const auto first = chip(1);
  const double variance = offsets_of(deviation(settings, 1)).variance();
  const auto expect_uncorrelated = [&](const std::vector<int8_t>& other, size_t lag,
                                       const std::string& what) {
    double products = 0;
    for (size_t i = lag; i < kCells; ++i) products += double{1} * first[i] * other[i - lag];
    const auto n = static_cast<double>(kCells - lag);
    testing::expect_mean(products / n, 0, variance * variance, n, what);
  };
  for (const size_t lag : {1, 2, 3, 4, 5, 6, 7, 8, 16, 64, 8192})
    expect_uncorrelated(first, lag, fmt::format("{} cells apart", lag));
  for (const uint64_t seed : {uint64_t{2}, uint64_t{3}, uint64_t{1} << 32})
    expect_uncorrelated(chip(seed), 0, fmt::format("seed {}", seed));
}

TEST(ChipStatistics, StuckCellsComeAtTheirRates) {
  struct Rates {
    uint16_t off, on;
  };
  for (const auto [off, on] : {Rates{655, 66}, Rates{1, 0}, Rates{0, 30000}, Rates{40000, 25535}}) {
    GeneratorSettings settings;
    settings.off_rate = off;
    settings.on_rate = on;
    settings.seed = 77;
    std::vector<uint64_t> counts(3);
    for (const uint8_t state : generate_stuck(kCells, settings)) ++counts[state];
    const double p_off = off * 0x1p-16, p_on = on * 0x1p-16;
    testing::expect_count(static_cast<double>(counts[1]), kCells * p_off, "stuck off");
    testing::expect_count(static_cast<double>(counts[2]), kCells * p_on, "stuck on");
    if (off == 40000) {
      testing::expect_mean(static_cast<double>(counts[1]) / kCells, p_off, p_off * (1 - p_off),
                           kCells, "stuck off");
    }
  }
}

/// Exact distribution of write-verify: pulse by pulse over all deviations.
struct Programmed {
  Distribution final = testing::zeros(-kFarthest, kFarthest);
  double mean_pulses = 0, square_pulses = 0, unverified = 0;
};

Programmed program(const GeneratorSettings& settings, uint8_t level) {
  Distribution step = testing::zeros(-kFarthest, kFarthest);
  for (int32_t z = -exact_gauss().kMost; z <= exact_gauss().kMost; ++z) {
    if (exact_gauss().count(z) == 0) continue;
    step.add(rshift(int64_t{z} * settings.pulse_sigma + (int64_t{settings.pulse_step} << 12), 20),
             exact_gauss().probability(z));
  }
  Programmed result;
  Distribution open = deviation(settings, level);
  for (int pulse = 0;; ++pulse) {
    Distribution next = testing::zeros(-kFarthest, kFarthest);
    double left = 0;
    for (size_t i = 0; i < open.probability.size(); ++i) {
      const double p = open.probability[i];
      const int d = open.value(i);
      const bool done = std::abs(d) <= settings.tolerance;
      if (p == 0) continue;
      if (done || pulse == settings.pulses) {
        result.final.add(d, p);
        if (!done) result.unverified += p;
        result.mean_pulses += p * pulse;
        result.square_pulses += p * pulse * pulse;
        continue;
      }
      left += p;
      for (size_t j = 0; j < step.probability.size(); ++j) {
        if (step.probability[j] == 0) continue;
        const int to = d > 0 ? d - step.value(j) : d + step.value(j);
        next.add(std::clamp(to, -kFarthest, kFarthest), p * step.probability[j]);
      }
    }
    if (left < 1e-15) break;
    open = next;
  }
  return result;
}

TEST(ChipStatistics, WriteVerifyLeavesWhatItsPulsesSay) {
  struct Case {
    int tolerance, pulses;
    uint16_t step, sigma;
  };
  for (const Case c : {Case{4, 60, 6 << 8, 2 << 8}, Case{1, 8, 5 << 8, 4 << 8},
                       Case{0, 30, 2 << 8, 300}, Case{10, 3, 20 << 8, 0}}) {
    GeneratorSettings settings;
    settings.sigma.fill(25 << 8);
    settings.seed = 4242;
    settings.tolerance = c.tolerance;
    settings.pulses = c.pulses;
    settings.pulse_step = c.step;
    settings.pulse_sigma = c.sigma;
    uint64_t pulses = 0, unverified = 0;
    const auto offsets = generate_offsets(levels(3), settings, pulses, unverified);
    const Programmed exact = program(settings, 3);
    const std::string what = fmt::format("tolerance {}, {} pulses", c.tolerance, c.pulses);
    double outside = 0;
    for (const int8_t offset : offsets) outside += std::abs(offset) > c.tolerance ? 1 : 0;
    EXPECT_EQ(outside, static_cast<double>(unverified)) << what;  // the others are within
    testing::expect_distribution(counted(offsets), offsets_of(exact.final), what);
    testing::expect_mean(static_cast<double>(pulses) / kCells, exact.mean_pulses,
                         exact.square_pulses - exact.mean_pulses * exact.mean_pulses, kCells,
                         what + ", pulses");
    testing::expect_mean(static_cast<double>(unverified) / kCells, exact.unverified,
                         exact.unverified * (1 - exact.unverified), kCells, what + ", unverified");
  }
}

}  // namespace
}  // namespace crucible::models
