// What a Monte Carlo over chips says: mean, and the k-th percentile performance (KPP), the accuracy
// that a fraction q of all chips does not exceed. Z. Yan, Y. Qin, W. Wen, X. S. Hu, Y. Shi,
// "Improving Realistic Worst-Case Performance of NVCiM DNN Accelerators through Training with
// Right-Censored Gaussian Noise", ICCAD 2023, arXiv:2307.15853.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "host/chance/intervals.hpp"

namespace crucible::chance {

struct Percentile {
  double q = 0;
  /// Smallest accuracy that at least the fraction q of the sample does not exceed; empty where the
  /// sample has fewer than 1 / q chips, so that no chip of it stands for the quantile.
  std::optional<double> accuracy;
  std::optional<Interval> interval;  ///< empty where the sample is too small for both ends
  int64_t needed = 0;                ///< fewest chips with an interval
};

/// An event's probability: accuracy at most `at_most`.
struct Exceedance {
  double at_most = 0;
  int64_t hits = 0, chips = 0;
  Interval interval;  ///< Clopper and Pearson's
};

struct Spread {
  int64_t chips = 0;
  double mean = 0, lowest = 0;
  std::optional<double> deviation;        ///< standard deviation, from 2 chips on
  std::optional<Interval> mean_interval;  ///< Student's t, from 2 chips on
};

/// accuracy: of each chip, 0 .. 1; at least one chip.
[[nodiscard]] Spread spread(std::span<const double> accuracy, double confidence);
[[nodiscard]] Percentile percentile_performance(std::span<const double> accuracy, double q,
                                                double confidence);
[[nodiscard]] Exceedance exceedance(std::span<const double> accuracy, double at_most,
                                    double confidence);

}  // namespace crucible::chance
