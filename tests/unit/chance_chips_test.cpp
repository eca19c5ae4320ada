// Random chips of a small network: the space of draws, and subset simulation against brute force.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "host/chance/chip_problem.hpp"
#include "host/chance/image_subset.hpp"
#include "host/chance/intervals.hpp"
#include "host/chance/subset_simulation.hpp"
#include "host/chance/tail_estimate.hpp"
#include "host/eval/monte_carlo.hpp"
#include "models/error.hpp"
#include "models/variation/chip_space.hpp"
#include "tests/unit/small_networks.hpp"

namespace crucible::chance {
namespace {

using models::Distribution;
using models::VariationBound;

constexpr uint64_t kSeed = 20240501;
constexpr int kImages = 40, kInputs = 12;
constexpr double kSigma = 0.5;

/// A small network with the labels that it gives itself, and the box of a bound.
struct Small {
  explicit Small(const VariationBound& bound, int base = 32,
                 models::Realisation realisation = models::Realisation::kPair)
      : box(models::make_box(network, bound, realisation, base)) {
    models::TileSettings common;
    common.inject = true;
    common.lsb_exp = box.grid.lsb_exp;
    common.base = base;
    models::AdcPlan plan;
    plan.transparent = true;
    plan.step_exp = {0, 0};
    compiled = models::compile(network, {16, 32, 8}, common, plan);
    const eval::Evaluation clean = eval::evaluate_model(
        compiled, models::ChipOffsets(compiled.geometry.cells(), 0), {pixels, labels}, 1);
    labels = clean.predicted;
  }
  [[nodiscard]] models::ChipSpace space(Distribution distribution) const {
    return {network, compiled, box, distribution, kSigma};
  }
  [[nodiscard]] eval::LabelledImages images() const { return {pixels, labels}; }

  models::QuantisedNetwork network =
      test::random_network({test::dense_shape(kInputs, 8), test::dense_shape(8, 4)}, kSeed);
  models::WeightBox box;
  models::CompiledNetwork compiled;
  std::vector<uint8_t> pixels = test::random_bytes(size_t{kImages} * kInputs, kSeed);
  std::vector<uint8_t> labels = std::vector<uint8_t>(kImages, 0);
};

const VariationBound kWeights = VariationBound::weight_fraction(0.03);

TEST(ChipSpace, RealisesValuesAsTheBoxDoes) {
  for (const int base : {0, 32}) {
    for (const auto realisation : {models::Realisation::kPair, models::Realisation::kActive}) {
      const Small small(kWeights, base, realisation);
      for (const auto distribution :
           {Distribution::kTruncatedGaussian, Distribution::kUniform, Distribution::kVertex}) {
        const models::ChipSpace space = small.space(distribution);
        std::vector<int16_t> values(space.draws());
        space.sample(kSeed, values);
        models::WeightDelta delta;
        size_t at = 0;
        for (const auto& layer : small.network.layers) {
          auto& out = delta.emplace_back(layer.weights.size());
          for (float& d : out) {
            d = std::ldexp(static_cast<float>(values[at++]), -small.box.grid.lsb_exp);
          }
        }
        ASSERT_EQ(at, values.size());
        EXPECT_EQ(space.offsets(values),
                  models::realise(small.network, small.compiled, small.box, delta));
      }
    }
  }
}

TEST(ChipSpace, HasFourDrawsAWeightWhereDevicesAreBounded) {
  const Small small(VariationBound::device_levels(0.05, models::IdleDevice::kFixed));
  const models::ChipSpace space = small.space(Distribution::kVertex);
  ASSERT_EQ(space.draws(), size_t{4} * (kInputs * 8 + 8 * 4));
  const int steps = small.box.grid.steps[0];
  for (size_t i = 0; i < space.draws(); ++i) {
    EXPECT_EQ(std::abs(space.draw(i, kSeed)), i % 2 == 0 ? steps : 0) << "idle devices are fixed";
  }
  EXPECT_THROW(static_cast<void>(space.offsets(std::vector<int16_t>(3))), Error);
}

TEST(ImageSubset, IsSpreadOverAllImages) {
  const std::vector<uint8_t> pixels{0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5}, labels{0, 1, 2, 3, 4, 5};
  const ImageSubset third({pixels, labels}, 2);
  EXPECT_EQ(std::vector<uint8_t>(third.images().labels.begin(), third.images().labels.end()),
            (std::vector<uint8_t>{0, 3}));
  EXPECT_EQ(std::vector<uint8_t>(third.images().pixels.begin(), third.images().pixels.end()),
            (std::vector<uint8_t>{0, 0, 3, 3}));
  EXPECT_EQ(third.description(), "2 of 6 images: number 0 and every 3 after it");
  EXPECT_EQ(ImageSubset({pixels, labels}, 6).description(), "all 6 images");
  EXPECT_THROW(ImageSubset({pixels, labels}, 7), Error);
  EXPECT_EQ(ImageSubset({pixels, labels}, 4).images().labels[3], 4);
  EXPECT_THROW(ImageSubset({pixels, labels}, 0), Error);
  EXPECT_THROW(ImageSubset({}, 1), Error);
}

TEST(ChipProblem, BeginsWithTheChipsOfTheMonteCarlo) {
  const Small small(kWeights);
  const models::ChipSpace space = small.space(Distribution::kTruncatedGaussian);
  const ChipProblem problem(space, small.compiled, small.images());
  SubsetSettings settings;
  settings.chains = 4;
  settings.most_levels = 0;
  settings.seed = kSeed;
  const SubsetResult result = subset_simulation(problem, settings);
  eval::MonteCarloSettings brute;
  brute.chips = settings.level_size();
  brute.seed = kSeed;
  const auto chips =
      eval::monte_carlo(small.network, small.compiled, small.box, small.images(), brute);
  ASSERT_EQ(result.levels.front().scores.size(), chips.accuracy.size());
  for (size_t i = 0; i < chips.accuracy.size(); ++i) {
    EXPECT_EQ(result.levels.front().scores[i].value, std::llround(chips.accuracy[i] * kImages));
  }
}

TEST(ChipProblem, OrdersChipsOfTheSameCountByTheirMargins) {
  const Small small(kWeights);
  const models::ChipSpace space = small.space(Distribution::kTruncatedGaussian);
  const ChipProblem problem(space, small.compiled, small.images());
  const Score clean = problem.score(std::vector<int16_t>(space.draws(), 0));
  EXPECT_EQ(clean.value, kImages);
  EXPECT_GT(problem.ramp(), 1);
  // Every image is right, so no clamped margin is negative and none is above the ramp.
  EXPECT_GE(clean.tie_break, 0);
  EXPECT_LE(clean.tie_break, problem.ramp() * kImages);
}

TEST(ChipProblem, SplittingAgreesWithBruteForceWhereThatReaches) {
  for (const VariationBound& bound :
       {kWeights, VariationBound::device_levels(0.09, models::IdleDevice::kDrifts)}) {
    const Small small(bound);
    const models::ChipSpace space = small.space(Distribution::kTruncatedGaussian);
    const ChipProblem problem(space, small.compiled, small.images());
    constexpr int kChips = 20000;
    std::vector<int64_t> right;
    std::vector<int16_t> values(space.draws());
    for (uint64_t chip = 0; chip < kChips; ++chip) {
      space.sample(kSeed + chip, values);
      right.push_back(problem.score(values).value);
    }
    std::sort(right.begin(), right.end());
    SubsetSettings settings;
    settings.smallest = 1e-3;
    settings.seed = kSeed + (uint64_t{1} << 40);  // chips that brute force has not drawn
    const SubsetResult result = subset_simulation(problem, settings);
    EXPECT_LT(result.evaluations, kChips / 10);
    int compared = 0;
    for (const double q : {0.5, 0.1, 0.01, 0.001}) {
      const auto value = right[static_cast<size_t>(q * kChips)];
      const auto hits = std::upper_bound(right.begin(), right.end(), value) - right.begin();
      const double brute = static_cast<double>(hits) / kChips;
      if (brute == 1) continue;
      const TailProbability found = tail_probability(result, value);
      const double brute_cv = std::sqrt((1 - brute) / brute / kChips);
      // Four standard errors of the difference of the logarithms, both estimates' (6e-5 each).
      const double error = std::sqrt(std::log1p(found.cv * found.cv) + brute_cv * brute_cv);
      EXPECT_NEAR(std::log(found.probability / brute), 0, 4 * error)
          << "at most " << value << " right: " << found.probability << " and " << brute << ", "
          << bound.describe() << ", seed " << kSeed;
      ++compared;
    }
    EXPECT_GE(compared, 2);
  }
}

TEST(ChipProblem, GivesTheSameOnAnyNumberOfThreads) {
  const Small small(kWeights);
  const models::ChipSpace space = small.space(Distribution::kUniform);
  const ChipProblem problem(space, small.compiled, small.images());
  SubsetSettings settings;
  settings.chains = 5;
  settings.smallest = 1e-2;
  settings.threads = 1;
  const SubsetResult one = subset_simulation(problem, settings);
  settings.threads = 4;
  const SubsetResult four = subset_simulation(problem, settings);
  ASSERT_EQ(one.levels.size(), four.levels.size());
  for (size_t l = 0; l < one.levels.size(); ++l) {
    EXPECT_EQ(one.levels[l].scores, four.levels[l].scores);
  }
}

}  // namespace
}  // namespace crucible::chance
