// Random chips: the generator, the distributions, and that a chip is a number.
// Statistical checks run on fixed seeds, so they never fail by chance later; the error rates say
// how surprising a failure would be for a new seed: five standard errors (6e-7) or a chi-square
// quantile of 1e-6.
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "models/error.hpp"
#include "models/variation/chip_distribution.hpp"
#include "models/variation/philox.hpp"
#include "tests/unit/models_support.hpp"

namespace crucible::models {
namespace {

constexpr TileGeometry kTile{128, 64, 72};

struct Programmed {
  QuantisedNetwork network;
  CompiledNetwork compiled;
  WeightBox box;
};

Programmed programmed(const VariationBound& bound, const TileGeometry& tile = kTile,
                      int base = 32) {
  testing::Random random(1);
  QuantisedNetwork network = testing::random_network(
      random, {testing::dense("fc1", 150, 100), testing::dense("fc2", 100, 50)});
  WeightBox box = make_box(network, bound, Realisation::kPair, base);
  AdcPlan plan;
  plan.transparent = true;
  TileSettings common;
  common.lsb_exp = box.grid.lsb_exp;
  CompiledNetwork compiled = compile(network, tile, common, plan);
  return {std::move(network), std::move(compiled), std::move(box)};
}

const VariationBound kBound = VariationBound::weight_fraction(0.03);

/// Changes of a layer in steps of the grid.
std::vector<int> drawn(const Programmed& s, Distribution distribution, double sigma, uint64_t seed,
                       size_t layer = 0) {
  const ChipOffsets chip = random_chip(s.network, s.compiled, s.box, distribution, sigma, seed);
  const WeightDelta delta =
      weight_change(s.network, s.compiled, chip, s.box.grid.lsb_exp, s.box.base);
  std::vector<int> steps;
  for (const float d : delta[layer])
    steps.push_back(static_cast<int>(std::ldexp(d, s.box.grid.lsb_exp)));
  return steps;
}

/// Upper 1e-6 quantile of chi-square by Wilson and Hilferty's approximation (z = 4.753).
double chi_square_limit(double freedom) {
  const double a = 2.0 / (9.0 * freedom);
  return freedom * std::pow(1.0 - a + 4.753 * std::sqrt(a), 3);
}

uint64_t fingerprint(const ChipOffsets& chip) {  // FNV-1a
  uint64_t hash = 0xCBF29CE484222325;
  for (const int8_t offset : chip) hash = (hash ^ static_cast<uint8_t>(offset)) * 0x100000001B3;
  return hash;
}

TEST(Philox, GivesTheAuthorsKnownAnswers) {  // Random123's kat_vectors, philox4x32 with 10 rounds
  EXPECT_EQ(philox({0, 0, 0, 0}, {0, 0}),
            (PhiloxCounter{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  constexpr uint32_t kOnes = 0xffffffff;
  EXPECT_EQ(philox({kOnes, kOnes, kOnes, kOnes}, {kOnes, kOnes}),
            (PhiloxCounter{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (PhiloxCounter{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(TruncatedGaussian, HasTheProbabilitiesOfTheTruncatedNormalDistribution) {
  for (const int limit : {3, 50, 460}) {
    for (const double sigma : {0.05, 0.2, 0.5, 2.0}) {
      const TruncatedGaussian gaussian(limit, sigma);
      const auto below = [&](double x) {
        return 0.5 * (1.0 + std::erf(std::clamp(x, -1.0 * limit, 1.0 * limit) /
                                     (sigma * limit * std::sqrt(2.0))));
      };
      const double inside = below(limit) - below(-limit);
      for (int value = -limit; value <= limit; ++value) {
        const double exact = (below(value + 0.5) - below(value - 0.5)) / inside;
        // Simpson's rule in steps of 0.03 sigma: 0.03^4 / 180 * f''''/f < 1e-5 up to 7 sigma, and
        // beyond that a bin holds less than 1e-11.
        EXPECT_NEAR(gaussian.probability(value), exact, 1e-5 * exact + 1e-14)
            << "limit " << limit << ", sigma " << sigma << ", value " << value;
      }
    }
  }
}

TEST(TruncatedGaussian, IsMonotoneAndSymmetricInItsUniformNumber) {
  const TruncatedGaussian gaussian(460, 0.5);
  EXPECT_EQ(gaussian.draw(0), -460);
  EXPECT_EQ(gaussian.draw(~uint64_t{0}), 460);
  EXPECT_EQ(gaussian.draw(uint64_t{1} << 63), 0);
  int last = -460;
  for (uint64_t k = 0; k < 4096; ++k) {
    const int value = gaussian.draw(k << 52);
    EXPECT_GE(value, last);
    last = value;
  }
}

TEST(TruncatedGaussian, RefusesASigmaThatItCannotRepresent) {
  EXPECT_THROW(TruncatedGaussian(100, 0.0), Error);
  EXPECT_THROW(TruncatedGaussian(100, std::nan("")), Error);
}

TEST(DrawUniform, ReachesBothEndsAndOnlyThem) {
  EXPECT_EQ(draw_uniform({-3, 5}, 0), -3);
  EXPECT_EQ(draw_uniform({-3, 5}, ~uint64_t{0}), 5);
  EXPECT_EQ(draw_uniform({7, 7}, 12345678901234567ull), 7);
}

TEST(RandomChip, IsTheSameOnEveryMachine) {
  // Printed by this test on its first run; they change only if chips change, and then every result
  // does.
  const std::map<Distribution, uint64_t> expected = {
      {Distribution::kTruncatedGaussian, 0x5fd8ca48f7f03ab5},
      {Distribution::kVertex, 0xfca1166b2841efd5},
      {Distribution::kUniform, 0x9df83726d8c2ba15}};
  const Programmed s = programmed(kBound);
  for (const auto& [distribution, hash] : expected) {
    const ChipOffsets chip = random_chip(s.network, s.compiled, s.box, distribution, 0.5, 42);
    EXPECT_EQ(fingerprint(chip), hash) << std::hex << fingerprint(chip);
  }
}

TEST(RandomChip, IsTheSameDeviationOfTheNetworkOnEveryTile) {
  for (const auto& bound : {kBound, VariationBound::device_levels(0.05, IdleDevice::kDrifts)}) {
    const Programmed full = programmed(bound);
    const Programmed small = programmed(bound, {32, 16, 400});
    EXPECT_EQ(drawn(full, Distribution::kTruncatedGaussian, 0.5, 3),
              drawn(small, Distribution::kTruncatedGaussian, 0.5, 3));
  }
}

TEST(RandomChip, DependsOnAllBitsOfItsSeed) {
  const Programmed s = programmed(kBound);
  const auto first = drawn(s, Distribution::kUniform, 0.5, 1);
  EXPECT_EQ(first, drawn(s, Distribution::kUniform, 0.5, 1));
  for (int bit = 1; bit < 64; ++bit) {
    ASSERT_NE(first, drawn(s, Distribution::kUniform, 0.5, 1 ^ (uint64_t{1} << bit)))
        << "bit " << bit;
  }
}

TEST(RandomChip, FollowsTheTruncatedGaussian) {
  const Programmed s = programmed(kBound);
  const int limit = 5 * s.box.grid.steps[0];
  for (const double sigma : {0.2, 0.5}) {
    const TruncatedGaussian gaussian(limit, sigma);
    const auto values = drawn(s, Distribution::kTruncatedGaussian, sigma, 11);
    // 40 bins of equal width, the outer ones joined until at least 10 values are expected.
    std::map<int, double> expected, observed;
    const auto bin = [&](int v) { return std::clamp((v + limit) * 40 / (2 * limit + 1), 8, 31); };
    for (int v = -limit; v <= limit; ++v)
      expected[bin(v)] += gaussian.probability(v) * values.size();
    for (const int v : values) {
      ASSERT_LE(std::abs(v), limit);
      observed[bin(v)] += 1;
    }
    double chi_square = 0;
    for (const auto& [b, e] : expected) {
      ASSERT_GT(e, 10);
      chi_square += (observed[b] - e) * (observed[b] - e) / e;
    }
    EXPECT_LT(chi_square, chi_square_limit(static_cast<double>(expected.size()) - 1));
  }
}

TEST(RandomChip, DrawsNeighboursIndependently) {
  const Programmed s = programmed(kBound);
  const auto values = drawn(s, Distribution::kTruncatedGaussian, 0.5, 12);
  for (const size_t lag : {size_t{1}, size_t{2}, size_t{150}}) {
    double products = 0, squares = 0;
    for (size_t i = 0; i + lag < values.size(); ++i) {
      products += double{1} * values[i] * values[i + lag];
      squares += double{1} * values[i] * values[i];
    }
    // The correlation of independent draws has a standard error of 1 / sqrt(n).
    EXPECT_LT(std::abs(products / squares) * std::sqrt(static_cast<double>(values.size() - lag)),
              5.0);
  }
}

TEST(RandomChip, PutsVerticesAtBothEndsEquallyOften) {
  const Programmed s = programmed(kBound);
  const int limit = 5 * s.box.grid.steps[0];
  const auto values = drawn(s, Distribution::kVertex, 0.5, 13);
  double up = 0;
  for (const int v : values) {
    ASSERT_EQ(std::abs(v), limit);
    up += v > 0 ? 1 : 0;
  }
  const auto n = static_cast<double>(values.size());
  EXPECT_LT(std::abs(up - n / 2) / std::sqrt(n / 4), 5.0);
}

TEST(RandomChip, FillsTheBoxUniformly) {
  const Programmed s = programmed(kBound);
  const int limit = 5 * s.box.grid.steps[0];
  const auto values = drawn(s, Distribution::kUniform, 0.5, 14);
  std::vector<double> observed(20), expected(20);
  const auto bin = [&](int v) { return (v + limit) * 20 / (2 * limit + 1); };
  for (int v = -limit; v <= limit; ++v) expected[bin(v)] += values.size() / (2.0 * limit + 1);
  for (const int v : values) observed[bin(v)] += 1;
  double chi_square = 0;
  for (int b = 0; b < 20; ++b)
    chi_square += (observed[b] - expected[b]) * (observed[b] - expected[b]) / expected[b];
  EXPECT_LT(chi_square, chi_square_limit(19));
}

TEST(RandomChip, StaysInABoxThatRailsCut) {
  const Programmed s = programmed(kBound, kTile, 0);
  for (const Distribution distribution :
       {Distribution::kTruncatedGaussian, Distribution::kVertex, Distribution::kUniform}) {
    const auto values = drawn(s, distribution, 0.5, 15);
    for (size_t i = 0; i < values.size(); ++i) {
      ASSERT_GE(std::ldexp(values[i], -s.box.grid.lsb_exp), s.box.lo[0][i]);
      ASSERT_LE(std::ldexp(values[i], -s.box.grid.lsb_exp), s.box.hi[0][i]);
    }
  }
}

TEST(RandomChip, MovesIdleDevicesOnlyIfTheyDrift) {
  for (const IdleDevice idle : {IdleDevice::kFixed, IdleDevice::kDrifts}) {
    const Programmed s = programmed(VariationBound::device_levels(0.1, idle));
    const ChipOffsets chip =
        random_chip(s.network, s.compiled, s.box, Distribution::kVertex, 0.5, 16);
    size_t moved = 0;
    for (const int8_t offset : chip) {
      ASSERT_TRUE(offset == 0 || std::abs(offset) == s.box.grid.steps[0]);
      moved += offset != 0 ? 1 : 0;
    }
    const size_t weights = 150 * 100 + 100 * 50;
    EXPECT_EQ(moved, weights * (idle == IdleDevice::kDrifts ? 4 : 2));
  }
}

}  // namespace
}  // namespace crucible::models
