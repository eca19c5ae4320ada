// One draw of a random chip: an integer from a uniform 64-bit number, the same on every machine.
#pragma once

#include <cstdint>
#include <vector>

#include "models/variation/random_chip.hpp"
#include "models/variation/slice_range.hpp"

namespace crucible::models {

/// Inverse of the distribution function of a Gaussian of standard deviation `sigma` * `limit`,
/// truncated at +-limit and rounded to integers. Built with +, -, *, / alone, which IEEE 754 rounds
/// the same everywhere; no libm. See docs/variation.md.
class TruncatedGaussian {
 public:
  /// limit >= 1, sigma >= 0.05.
  TruncatedGaussian(int32_t limit, double sigma);
  [[nodiscard]] int32_t draw(uint64_t uniform) const;
  /// Probability of a value, for checks.
  [[nodiscard]] double probability(int32_t value) const;

 private:
  int32_t limit_;
  std::vector<uint64_t>
      below_;  ///< [2 limit]: draw is -limit + number of thresholds <= uniform >> 11
};

/// `range.lo` or `range.hi`, each with probability 1/2.
[[nodiscard]] int32_t draw_vertex(const Range& range, uint64_t uniform);
/// Every integer of the range with the same probability (to within 2^-53).
[[nodiscard]] int32_t draw_uniform(const Range& range, uint64_t uniform);

}  // namespace crucible::models
