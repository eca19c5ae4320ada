// Subset simulation against a tail that is known in closed form. Seeds are fixed, so nothing fails
// by chance later.
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "host/chance/subset_simulation.hpp"
#include "host/chance/tail_estimate.hpp"
#include "models/error.hpp"
#include "tests/unit/linear_tail.hpp"
#include "tests/unit/worker_team.hpp"

namespace crucible::chance {
namespace {

constexpr uint64_t kSeed = 20240501;

SubsetSettings small_settings(double smallest) {
  SubsetSettings settings;
  settings.chains = 20;
  settings.smallest = smallest;
  settings.seed = kSeed;
  return settings;
}

/// Logarithm's standard deviation of an estimate taken as log-normal.
double log_error(double cv) { return std::sqrt(std::log1p(cv * cv)); }

TEST(SubsetSimulation, FindsAKnownTailProbabilityInAHundredThousandDimensions) {
  const test::LinearTail tail(100000);
  const int64_t value = tail.value_at(-3.719);  // 1e-4
  const double exact = tail.probability(value);
  const SubsetResult result = subset_simulation(tail, small_settings(exact));
  EXPECT_EQ(result.end, SubsetEnd::kReached);
  // At least three levels of 200, a hundredth of what brute force needs for a single hit.
  EXPECT_LE(result.evaluations, 1000);
  const TailProbability found = tail_probability(result, value);
  // Four of its own standard errors (6e-5). Its cv must mean something: with independent
  // chips it would be sqrt(4 * 0.9 / 0.1 / 200) = 0.42, and correlation at most doubles it.
  EXPECT_LT(found.cv, 1.0);
  EXPECT_LE(found.cv, found.most_cv);
  EXPECT_NEAR(std::log(found.probability / exact), 0, 4 * log_error(found.cv)) << "seed " << kSeed;
  for (size_t l = 1; l < result.levels.size(); ++l) {
    EXPECT_GT(result.levels[l].accepted, 0.3) << "level " << l;  // the schedule aims at 0.44
    EXPECT_LT(result.levels[l].accepted, 0.6) << "level " << l;
  }
}

TEST(SubsetSimulation, IsUnbiasedAndStatesItsOwnError) {
  constexpr int kRuns = 60;
  const test::LinearTail tail(1000);
  const int64_t value = tail.value_at(-3.09);  // 1e-3
  const double exact = tail.probability(value);
  double sum = 0, squares = 0, stated = 0;
  int covered = 0;
  for (int run = 0; run < kRuns; ++run) {
    SubsetSettings settings = small_settings(exact);
    settings.seed = kSeed + (uint64_t{1} << 32) * static_cast<uint64_t>(run);
    const TailProbability found = tail_probability(subset_simulation(tail, settings), value);
    const double ratio = found.probability / exact;
    sum += ratio / kRuns;
    squares += ratio * ratio / kRuns;
    stated += found.cv / kRuns;
    covered += std::abs(std::log(ratio)) <= 1.96 * log_error(found.cv) ? 1 : 0;
  }
  const double spread = std::sqrt(squares - sum * sum);
  RecordProperty("mean_over_exact", std::to_string(sum));
  RecordProperty("standard_deviation_over_exact", std::to_string(spread));
  RecordProperty("stated_cv", std::to_string(stated));
  RecordProperty("intervals_that_cover", covered);
  // The mean within four standard errors, plus a bias of the order of 1 / N that adaptive
  // thresholds have (Au and Beck 2001), and 0.4 % of the exact value.
  EXPECT_NEAR(sum, 1, 4 * spread / std::sqrt(kRuns) + 1.0 / 200 + 0.004) << "seed " << kSeed;
  // A standard deviation from 60 runs of a log-normal with cv 0.5 is itself uncertain by a fifth
  // (excess kurtosis 5: sqrt((2 + 5) / 4 / 60) = 0.17); twice that. Without the chains' correlation
  // 0.59 comes out here.
  EXPECT_NEAR(stated / spread, 1, 0.35);
  // 95 % nominal; 60 runs have a standard error of 1.7 runs. Four of them below 57.
  EXPECT_GE(covered, 50);
}

TEST(SubsetSimulation, FindsQuantilesWithIntervalsAroundThem) {
  const test::LinearTail tail(1000);
  const SubsetResult result = subset_simulation(tail, small_settings(1e-4));
  double last = 0;
  for (const auto& [q, sigmas] :
       {std::pair{0.5, 0.0}, std::pair{0.1, -1.2816}, std::pair{0.01, -2.3263},
        std::pair{1e-3, -3.0902}, std::pair{1e-4, -3.7190}}) {
    const TailQuantile found = tail_quantile(result, q, 0.999);
    ASSERT_TRUE(found.value && found.lo && found.hi) << q;
    EXPECT_LT(*found.lo, *found.value) << q;
    EXPECT_LT(*found.value, *found.hi) << q;
    EXPECT_LE(*found.lo, tail.value_at(sigmas)) << q;
    EXPECT_GE(*found.hi, tail.value_at(sigmas)) << q;
    EXPECT_LT(static_cast<double>(*found.value), q == 0.5 ? 1e18 : last) << q;
    last = static_cast<double>(*found.value);
  }
  EXPECT_FALSE(tail_quantile(result, 1e-8, 0.95).value) << "below the last level's lowest member";
}

TEST(SubsetSimulation, DoesNotDependOnThreads) {
  const test::LinearTail tail(500);
  SubsetSettings settings = small_settings(1e-3);
  settings.threads = 1;
  const SubsetResult one = subset_simulation(tail, settings);
  settings.threads = 3;
  const SubsetResult three = subset_simulation(tail, settings);
  ASSERT_EQ(one.levels.size(), three.levels.size());
  for (size_t l = 0; l < one.levels.size(); ++l) {
    EXPECT_EQ(one.levels[l].scores, three.levels[l].scores);
    EXPECT_EQ(one.levels[l].probability, three.levels[l].probability);
  }
  settings.seed += 1000000;
  EXPECT_NE(subset_simulation(tail, settings).levels[0].scores, one.levels[0].scores);
}

TEST(SubsetSimulation, DoesNotDependOnWorkersAndEndsForAllWhereOneIsInterrupted) {
  const test::LinearTail tail(500);
  const SubsetSettings settings = small_settings(1e-3);
  const SubsetResult alone = subset_simulation(tail, settings);
  test::WorkerTeam(3).run([&](IWorkers& workers) {
    SubsetSettings mine = settings;
    mine.workers = &workers;
    const SubsetResult shared = subset_simulation(tail, mine);
    EXPECT_EQ(shared.evaluations, alone.evaluations);
    ASSERT_EQ(shared.levels.size(), alone.levels.size());
    for (size_t l = 0; l < alone.levels.size(); ++l) {
      EXPECT_EQ(shared.levels[l].scores, alone.levels[l].scores);
      EXPECT_EQ(shared.levels[l].accepted, alone.levels[l].accepted);
    }
    const SubsetResult ended = subset_simulation(tail, mine, [&](int level, double, const Score&) {
      return workers.rank() != 1 || level < 1;
    });
    EXPECT_EQ(ended.end, SubsetEnd::kInterrupted);
    EXPECT_EQ(ended.levels.size(), 1U);
  });
}

TEST(SubsetSimulation, StaysBelowEveryLevelsThreshold) {
  const test::LinearTail tail(500);
  const SubsetResult result = subset_simulation(tail, small_settings(1e-4));
  ASSERT_GE(result.levels.size(), 4U);
  for (size_t l = 1; l < result.levels.size(); ++l) {
    const SubsetLevel& level = result.levels[l];
    for (const Score& score : level.scores) EXPECT_LE(score, *level.threshold);
    // Rejected moves repeat scores, so slightly more than a tenth may be at the threshold.
    EXPECT_GE(level.probability, 0.1 * result.levels[l - 1].probability * (1 - 1e-12));
    EXPECT_LE(level.probability, 0.15 * result.levels[l - 1].probability);
  }
}

TEST(SubsetSimulation, KeepsItsCompleteLevelsWhenItIsEnded) {
  const test::LinearTail tail(500);
  const SubsetResult whole = subset_simulation(tail, small_settings(1e-4));
  const SubsetResult part = subset_simulation(
      tail, small_settings(1e-4),
      [](int level, double done, const Score&) { return level < 2 || done < 0.5; });
  EXPECT_EQ(part.end, SubsetEnd::kInterrupted);
  ASSERT_EQ(part.levels.size(), 2U);
  EXPECT_EQ(part.levels[1].scores, whole.levels[1].scores);
  const TailProbability early = tail_probability(part, part.levels[1].scores.front().value);
  EXPECT_GT(early.probability, 0);
}

TEST(SubsetSimulation, EndsWhereItIsToldTo) {
  const test::LinearTail tail(200);
  SubsetSettings settings = small_settings(1e-9);
  settings.most_levels = 2;
  const SubsetResult shallow = subset_simulation(tail, settings);
  EXPECT_EQ(shallow.end, SubsetEnd::kMostLevels);
  EXPECT_EQ(shallow.levels.size(), 3U);
  settings = small_settings(0.5);
  settings.reach = tail.value_at(-3.0);
  const SubsetResult deep = subset_simulation(tail, settings);
  EXPECT_EQ(deep.end, SubsetEnd::kReached);
  EXPECT_GT(tail_probability(deep, *settings.reach).probability, 0);
}

/// Nothing below zero: most draws share the lowest score.
class FlatBottom final : public ITailProblem {
 public:
  size_t draws() const override { return 1; }
  int16_t draw(size_t, uint64_t uniform) const override {
    return static_cast<int16_t>(uniform >> 62);
  }
  void sample(uint64_t seed, std::span<int16_t> values) const override {
    values[0] = draw(0, CounterRandom(seed).at(0));
  }
  Score score(std::span<const int16_t> values) const override { return {values[0] == 3, 0}; }
};

TEST(SubsetSimulation, EndsWhereThereIsNothingBelow) {
  const SubsetResult result = subset_simulation(FlatBottom{}, small_settings(1e-4));
  EXPECT_EQ(result.end, SubsetEnd::kBottom);
  ASSERT_EQ(result.levels.size(), 1U);
  EXPECT_EQ(*tail_quantile(result, 1e-2, 0.95).value, 0);
}

TEST(SubsetSimulation, RefusesSettingsOutOfRange) {
  const test::LinearTail tail(10);
  const auto refuses = [&](auto change) {
    SubsetSettings settings = small_settings(1e-3);
    change(settings);
    EXPECT_THROW(static_cast<void>(subset_simulation(tail, settings)), Error);
  };
  refuses([](SubsetSettings& s) { s.chains = 1; });
  refuses([](SubsetSettings& s) { s.chain_length = 1; });
  refuses([](SubsetSettings& s) { s.smallest = 0; });
  refuses([](SubsetSettings& s) { s.most_levels = -1; });
}

}  // namespace
}  // namespace crucible::chance
