// Confidence intervals of what a sample of chips says about all chips.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace crucible::chance {

/// Two-sided; `confidence` is 0.5 .. 0.9999 everywhere. Throws crucible::Error(kUsage) otherwise.
struct Interval {
  double lo = 0, hi = 0;
};

/// Student's t for the mean: exact for Gaussian values, and by the central limit theorem close to
/// it for many chips. values: at least two.
[[nodiscard]] Interval mean_interval(std::span<const double> values, double confidence);

/// C. J. Clopper, E. S. Pearson, "The use of confidence or fiducial limits illustrated in the case
/// of the binomial", Biometrika 26 (1934): covers the probability of an event seen `hits` times in
/// `trials` at least as often as it says. trials >= 1.
[[nodiscard]] Interval clopper_pearson(int64_t hits, int64_t trials, double confidence);

/// Ranks (1 is the lowest value) between which the quantile lies.
struct RankInterval {
  int64_t lo = 0, hi = 0;
};

/// Distribution-free interval of the quantile `q` (0 < q < 1) from order statistics: the number of
/// values below the quantile is binomial (W. J. Conover, "Practical Nonparametric Statistics", 3rd
/// ed. 1999, section 3.2). Values that repeat, as accuracies do, make it wider, never narrower.
/// Empty where the sample has too few values for both ends.
[[nodiscard]] std::optional<RankInterval> quantile_ranks(int64_t values, double q,
                                                         double confidence);

/// Fewest values with which quantile_ranks() has both ends.
[[nodiscard]] int64_t values_needed(double q, double confidence);

}  // namespace crucible::chance
