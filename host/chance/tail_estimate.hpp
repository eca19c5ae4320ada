// Probabilities and quantiles from the levels of a subset simulation, and how far to trust them.
#pragma once

#include <cstdint>
#include <optional>

#include "host/chance/subset_simulation.hpp"

namespace crucible::chance {

struct TailProbability {
  double probability = 0;  ///< 0 where no member of the deepest level is that low
  /// Coefficient of variation (standard error / probability) as Au and Beck (2001) estimate
  /// it, with levels taken as independent; infinite where the probability is 0.
  double cv = 0;
  /// The same with levels taken as fully dependent: the largest that it can be.
  double most_cv = 0;
  int level = 0;  ///< level that it was read from
};

/// P(score.value <= value).
[[nodiscard]] TailProbability tail_probability(const SubsetResult& result, int64_t value);

struct TailQuantile {
  double q = 0;
  std::optional<int64_t> value;  ///< empty where the levels do not reach q
  /// Values whose estimated probabilities are q divided and multiplied by exp(z * sigma), sigma^2 =
  /// log(1 + cv^2): the estimate taken as log-normal. An end is empty where the levels end.
  std::optional<int64_t> lo, hi;
  double cv = 0;  ///< of the probability at the quantile
};

/// The value that a fraction q of all draws does not exceed.
[[nodiscard]] TailQuantile tail_quantile(const SubsetResult& result, double q, double confidence);

}  // namespace crucible::chance
