// Which bounds a sweep looks at: points of a logarithmic grid, or those of a bisection.
#pragma once

#include <functional>
#include <optional>
#include <vector>

namespace crucible::experiment {

/// `points` bounds from `from` to `to`, equally far apart on a logarithmic scale, ends included.
/// Those between are rounded to four digits, so that a person can type one again. Throws
/// crucible::Error(kUsage) unless 0 < from < to, points >= 2, and the points differ.
[[nodiscard]] std::vector<double> log_grid(double from, double to, int points);

/// A bound and the accuracy (0 .. 1) that the search left there.
struct BoundAccuracy {
  double bound = 0, accuracy = 0;
};

/// Where the accuracy falls below a level: the largest bound probed that stays at or above it and
/// the smallest that goes below. One is missing where the level lies outside the range.
struct Bracket {
  std::optional<BoundAccuracy> above, below;
};

/// Accuracy at a bound, 0 .. 1; nothing ends the bisection with the bracket so far.
using Probe = std::function<std::optional<double>(double bound)>;

/// Probes `from` and `to`, then the middle of log(bound), until the bracket's ends differ by at
/// most the factor 1 + resolution. Accuracies are compared as they are found. Throws
/// crucible::Error(kUsage) for a range as in log_grid(), or a resolution below 0.001 (the probes'
/// four digits).
[[nodiscard]] Bracket bisect_bound(double from, double to, double resolution, double level,
                                   const Probe& probe);

}  // namespace crucible::experiment
