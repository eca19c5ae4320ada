// Statistics with stated error rates, for the tests of random numbers. Every test here raises a
// false alarm with probability 1e-6 or less; seeds are fixed, so a test that passes once passes
// always.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "models/tile/tile_noise.hpp"

namespace crucible::models::testing {

inline constexpr double kFalseAlarm = 1e-6;
/// Standard Gaussian: P(|x| > kTwoSided) = P(x > kOneSided) = kFalseAlarm.
inline constexpr double kTwoSided = 4.891638;
inline constexpr double kOneSided = 4.753424;

/// The distribution of gauss() over all 2^32 inputs, exactly: its steps are counted, not sampled.
class ExactGauss {
 public:
  static constexpr int32_t kMost = 1 << 15;  ///< |z| is below

  ExactGauss() : count_(2 * kMost + 1) {
    // gauss() looks at the leading one and the 11 bits behind it: with `zeros` leading zeros these
    // 2048 values stand for 2^(19 - zeros) inputs each. Below 2^11 every input is counted.
    for (int zeros = 0; zeros <= 19; ++zeros) {
      for (uint32_t top = 0; top < 2048; ++top)
        add((0x40000000u | top << 19) >> zeros, uint64_t{1} << (19 - zeros));
    }
    for (uint32_t v = 0; v < 2048; ++v) add(v, 1);
  }

  /// Of the 2^32 inputs, those that give z.
  [[nodiscard]] uint64_t count(int32_t z) const { return count_[static_cast<size_t>(z + kMost)]; }
  [[nodiscard]] double probability(int32_t z) const {
    return static_cast<double>(count(z)) * 0x1p-32;
  }

  /// sum of probability * f(z).
  template <class Function>
  [[nodiscard]] double mean(const Function& f) const {
    double sum = 0;
    for (int32_t z = -kMost; z <= kMost; ++z) {
      if (count(z) != 0) sum += probability(z) * static_cast<double>(f(z));
    }
    return sum;
  }
  [[nodiscard]] double share_above(int32_t limit) const {
    return mean([&](int32_t z) { return z > limit ? 1.0 : 0.0; });
  }

 private:
  void add(uint32_t v, uint64_t inputs) {
    count_[static_cast<size_t>(gauss(v) + kMost)] += inputs;
    count_[static_cast<size_t>(gauss(v | 0x80000000) + kMost)] += inputs;
  }
  std::vector<uint64_t> count_;
};

inline const ExactGauss& exact_gauss() {
  static const ExactGauss exact;
  return exact;
}

/// A discrete distribution over lowest .. lowest + size - 1.
struct Distribution {
  int lowest = 0;
  std::vector<double> probability;

  [[nodiscard]] int value(size_t index) const { return lowest + static_cast<int>(index); }
  [[nodiscard]] double mean() const {
    double sum = 0;
    for (size_t i = 0; i < probability.size(); ++i) sum += probability[i] * value(i);
    return sum;
  }
  [[nodiscard]] double variance() const {
    const double centre = mean();
    double sum = 0;
    for (size_t i = 0; i < probability.size(); ++i)
      sum += probability[i] * (value(i) - centre) * (value(i) - centre);
    return sum;
  }
  void add(int64_t at, double p) { probability[static_cast<size_t>(at - lowest)] += p; }
};

inline Distribution zeros(int lowest, int highest) {
  return {lowest, std::vector<double>(static_cast<size_t>(highest - lowest + 1))};
}

/// A mean of `n` independent values against its expectation.
inline void expect_mean(double found, double expected, double variance, double n,
                        const std::string& what) {
  EXPECT_LE(std::abs(found - expected), kTwoSided * std::sqrt(variance / n))
      << what << ": " << found << ", expected " << expected;
}

/// A count of rare events: both tails of Poisson's distribution, which is wider than the binomial.
inline void expect_count(double found, double expected, const std::string& what) {
  if (expected == 0) {
    EXPECT_EQ(found, 0) << what;
    return;
  }
  const auto tail = [&](double step) {
    double sum = 0;
    for (double k = found; k >= 0; k += step) {
      const double p = std::exp(k * std::log(expected) - expected - std::lgamma(k + 1));
      sum += p;
      if (p < 1e-12 && (step > 0) == (k > expected)) break;
    }
    return sum;
  };
  EXPECT_GT(std::min(tail(-1), tail(1)), kFalseAlarm / 2)
      << what << ": " << found << ", expected " << expected;
}

/// Largest chi-square of `freedom` degrees (Wilson and Hilferty's approximation).
inline double chi_square_limit(double freedom) {
  const double t = 2 / (9 * freedom);
  return freedom * std::pow(1 - t + kOneSided * std::sqrt(t), 3);
}

/// Pearson's test of counts, [i] of value i of the distribution; neighbours with fewer than 20
/// expected are pooled.
inline void expect_distribution(const std::vector<uint64_t>& counts,
                                const Distribution& distribution, const std::string& what) {
  ASSERT_EQ(counts.size(), distribution.probability.size()) << what;
  double total = 0;
  for (const uint64_t count : counts) total += static_cast<double>(count);
  double chi_square = 0, pooled = 0, pooled_expected = 0, expected_left = total;
  int bins = 0;
  for (size_t i = 0; i < counts.size(); ++i) {
    const double expected = total * distribution.probability[i];
    if (expected == 0) {
      ASSERT_EQ(counts[i], 0u) << what << ", value " << distribution.value(i);
    }
    pooled += static_cast<double>(counts[i]);
    pooled_expected += expected;
    expected_left -= expected;
    if (pooled_expected < 20 || (expected_left < 20 && i + 1 < counts.size())) continue;
    chi_square += (pooled - pooled_expected) * (pooled - pooled_expected) / pooled_expected;
    pooled = pooled_expected = 0;
    ++bins;
  }
  ASSERT_GE(bins, 2) << what;
  EXPECT_LE(chi_square, chi_square_limit(bins - 1)) << what << ", " << bins << " bins";
}

/// Smirnov's two-sample test.
inline void expect_same_distribution(std::vector<int64_t> a, std::vector<int64_t> b,
                                     const std::string& what) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  const auto n = static_cast<double>(a.size()), m = static_cast<double>(b.size());
  double largest = 0;
  for (size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    const int64_t at = std::min(a[i], b[j]);
    while (i < a.size() && a[i] == at) ++i;
    while (j < b.size() && b[j] == at) ++j;
    largest = std::max(largest, std::abs(static_cast<double>(i) / n - static_cast<double>(j) / m));
  }
  EXPECT_LE(largest, std::sqrt(-std::log(kFalseAlarm / 2) / 2 * (n + m) / (n * m))) << what;
}

}  // namespace crucible::models::testing
