// Confidence intervals against tables and against their definitions, and the coverage that they
// promise. Seeds are fixed; the error rates say how surprising a failure would be for a new one.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "host/base/random.hpp"
#include "host/chance/intervals.hpp"
#include "host/chance/percentile_performance.hpp"
#include "models/error.hpp"

namespace crucible::chance {
namespace {

constexpr uint64_t kSeed = 20240501;

/// P(B <= k) of n trials, summed from its definition.
double binomial_below(int64_t k, int64_t n, double p) {
  double sum = 0;
  for (int64_t i = 0; i <= k; ++i) {
    const double x = static_cast<double>(i), m = static_cast<double>(n);
    sum += std::exp(std::lgamma(m + 1) - std::lgamma(x + 1) - std::lgamma(m - x + 1) +
                    x * std::log(p) + (m - x) * std::log1p(-p));
  }
  return sum;
}

TEST(ClopperPearson, GivesTheTabulatedLimits) {
  struct Case {
    int64_t hits, trials;
    double lo, hi;
  };
  // 95 % limits as printed in tables of the binomial's exact confidence limits, to four digits.
  for (const Case& c :
       {Case{0, 10, 0.0, 0.3085}, Case{1, 10, 0.0025, 0.4450}, Case{5, 10, 0.1871, 0.8129},
        Case{10, 10, 0.6915, 1.0}, Case{10, 100, 0.0490, 0.1762}}) {
    const Interval interval = clopper_pearson(c.hits, c.trials, 0.95);
    EXPECT_NEAR(interval.lo, c.lo, 5e-5) << c.hits << " of " << c.trials;
    EXPECT_NEAR(interval.hi, c.hi, 5e-5) << c.hits << " of " << c.trials;
  }
}

TEST(ClopperPearson, PutsTheSameProbabilityOutsideEachEnd) {
  for (const int64_t hits : {1, 3, 40}) {
    const Interval interval = clopper_pearson(hits, 200, 0.9);
    EXPECT_NEAR(1 - binomial_below(hits - 1, 200, interval.lo), 0.05, 1e-9);
    EXPECT_NEAR(binomial_below(hits, 200, interval.hi), 0.05, 1e-9);
  }
}

TEST(ClopperPearson, RefusesWhatIsNoCount) {
  EXPECT_THROW(static_cast<void>(clopper_pearson(1, 0, 0.95)), Error);
  EXPECT_THROW(static_cast<void>(clopper_pearson(3, 2, 0.95)), Error);
  EXPECT_THROW(static_cast<void>(clopper_pearson(1, 2, 1.0)), Error);
}

TEST(MeanInterval, IsStudents) {
  // s = sqrt(2.5), standard error sqrt(0.5), t(0.975; 4) = 2.776445.
  const Interval interval = mean_interval(std::vector<double>{1, 2, 3, 4, 5}, 0.95);
  EXPECT_NEAR(interval.lo, 3 - 2.776445 * std::sqrt(0.5), 1e-6);
  EXPECT_NEAR(interval.hi, 3 + 2.776445 * std::sqrt(0.5), 1e-6);
  EXPECT_THROW(static_cast<void>(mean_interval(std::vector<double>{1}, 0.95)), Error);
}

TEST(QuantileRanks, GivesTheTabulatedRanksOfTheMedian) {
  // 95 %: of 10 values the 2nd and 9th (97.9 %), of 20 the 6th and 15th (95.9 %), of 5 none.
  const auto ten = quantile_ranks(10, 0.5, 0.95), twenty = quantile_ranks(20, 0.5, 0.95);
  ASSERT_TRUE(ten && twenty);
  EXPECT_EQ(std::pair(ten->lo, ten->hi), std::pair(int64_t{2}, int64_t{9}));
  EXPECT_EQ(std::pair(twenty->lo, twenty->hi), std::pair(int64_t{6}, int64_t{15}));
  EXPECT_FALSE(quantile_ranks(5, 0.5, 0.95));
}

TEST(QuantileRanks, AreTheNarrowestWithHalfTheErrorAtEachEnd) {
  for (const int64_t n : {400, 5000}) {
    const double q = 0.01;
    const auto ranks = quantile_ranks(n, q, 0.95);
    ASSERT_TRUE(ranks);
    EXPECT_LE(binomial_below(ranks->lo - 1, n, q), 0.025);
    EXPECT_GT(binomial_below(ranks->lo, n, q), 0.025);
    EXPECT_GE(binomial_below(ranks->hi - 1, n, q), 0.975);
    EXPECT_LT(binomial_below(ranks->hi - 2, n, q), 0.975);
  }
}

TEST(QuantileRanks, NeedTheNumberOfValuesThatTheySay) {
  // Smallest n with (1 - q)^n <= 0.025.
  EXPECT_EQ(values_needed(0.5, 0.95), 6);
  EXPECT_EQ(values_needed(0.1, 0.95), 36);
  EXPECT_EQ(values_needed(0.01, 0.95), 368);
  EXPECT_EQ(values_needed(0.001, 0.95), 3688);
  EXPECT_EQ(values_needed(0.0001, 0.95), 36887);
  EXPECT_EQ(values_needed(0.99, 0.95), 368);
  EXPECT_FALSE(quantile_ranks(3687, 0.001, 0.95));
  EXPECT_TRUE(quantile_ranks(3688, 0.001, 0.95));
}

TEST(QuantileRanks, CoverTheQuantileAsOftenAsTheySay) {
  constexpr int kSamples = 4000, kValues = 500;
  const double q = 0.1;
  const auto ranks = quantile_ranks(kValues, q, 0.95);
  ASSERT_TRUE(ranks);
  int continuous = 0, rounded = 0;
  for (int sample = 0; sample < kSamples; ++sample) {
    CounterRandom random(kSeed, static_cast<uint64_t>(sample));
    std::vector<double> values(kValues);
    for (double& value : values) value = static_cast<double>(random.next() >> 11) * 0x1p-53;
    std::sort(values.begin(), values.end());
    const double lo = values[static_cast<size_t>(ranks->lo - 1)];
    const double hi = values[static_cast<size_t>(ranks->hi - 1)];
    continuous += lo <= q && q <= hi ? 1 : 0;
    // Accuracies are coarse: rounded up to multiples of 1 / 16 the quantile is 2 / 16.
    rounded += std::ceil(lo * 16) <= 2 && 2 <= std::ceil(hi * 16) ? 1 : 0;
  }
  // The exact coverage is P(lo <= B <= hi - 1); five standard errors of the count (6e-7).
  const double exact =
      binomial_below(ranks->hi - 1, kValues, q) - binomial_below(ranks->lo - 1, kValues, q);
  EXPECT_GE(exact, 0.95);
  EXPECT_NEAR(continuous, exact * kSamples, 5 * std::sqrt(kSamples * exact * (1 - exact)))
      << "seed " << kSeed;
  EXPECT_GE(rounded, continuous);
}

TEST(PercentilePerformance, IsTheValueThatTheFractionDoesNotExceed) {
  std::vector<double> accuracy;
  for (int i = 1000; i >= 1; --i) accuracy.push_back(i / 1000.0);
  const Percentile hundredth = percentile_performance(accuracy, 0.01, 0.95);
  EXPECT_DOUBLE_EQ(hundredth.accuracy.value(), 0.010);
  const auto ranks = quantile_ranks(1000, 0.01, 0.95);
  EXPECT_DOUBLE_EQ(hundredth.interval.value().lo, static_cast<double>(ranks->lo) / 1000);
  EXPECT_DOUBLE_EQ(hundredth.interval.value().hi, static_cast<double>(ranks->hi) / 1000);
  EXPECT_DOUBLE_EQ(percentile_performance(accuracy, 0.5, 0.95).accuracy.value(), 0.5);
}

TEST(PercentilePerformance, SaysWhenThereAreTooFewChips) {
  const std::vector<double> accuracy(1000, 0.5);
  const Percentile thousandth = percentile_performance(accuracy, 0.001, 0.95);
  EXPECT_TRUE(thousandth.accuracy);  // one chip stands for it, but with no lower limit
  EXPECT_FALSE(thousandth.interval);
  EXPECT_EQ(thousandth.needed, 3688);
  const Percentile rarer = percentile_performance(accuracy, 0.0001, 0.95);
  EXPECT_FALSE(rarer.accuracy);
  EXPECT_FALSE(rarer.interval);
  EXPECT_THROW(static_cast<void>(percentile_performance({}, 0.5, 0.95)), Error);
  EXPECT_THROW(static_cast<void>(percentile_performance(accuracy, 0.0, 0.95)), Error);
}

TEST(Exceedance, CountsChipsAtTheLimitItself) {
  const std::vector<double> accuracy{0.29, 0.3, 0.31, 0.9};
  const Exceedance event = exceedance(accuracy, 0.1 + 0.2, 0.95);
  EXPECT_EQ(event.hits, 2);
  EXPECT_NEAR(event.interval.lo, clopper_pearson(2, 4, 0.95).lo, 1e-15);
}

TEST(Spread, KnowsNoDeviationOfOneChip) {
  EXPECT_FALSE(spread(std::vector<double>{0.5}, 0.95).mean_interval);
  const Spread two = spread(std::vector<double>{0.4, 0.6}, 0.95);
  EXPECT_DOUBLE_EQ(two.mean, 0.5);
  EXPECT_DOUBLE_EQ(two.lowest, 0.4);
  EXPECT_DOUBLE_EQ(two.deviation.value(), std::sqrt(0.02));
}

}  // namespace
}  // namespace crucible::chance
