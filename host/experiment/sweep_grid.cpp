#include "host/experiment/sweep_grid.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "models/error.hpp"

namespace crucible::experiment {
namespace {

constexpr double kFinestResolution = 0.001;

double four_digits(double bound) { return std::stod(fmt::format("{:.3e}", bound)); }

void check_range(double from, double to) {
  if (from > 0 && from < to && std::isfinite(to)) return;
  throw Error(ErrorKind::kUsage, fmt::format("sweep: bounds from {:g} to {:g}; the first must be "
                                             "above 0 and below the last",
                                             from, to));
}

}  // namespace

std::vector<double> log_grid(double from, double to, int points) {
  check_range(from, to);
  if (points < 2) {
    throw Error(ErrorKind::kUsage,
                fmt::format("sweep: {} points; a grid has at least its two ends", points));
  }
  std::vector<double> grid{from};
  for (int i = 1; i + 1 < points; ++i) {
    grid.push_back(four_digits(from * std::pow(to / from, static_cast<double>(i) / (points - 1))));
  }
  grid.push_back(to);
  if (std::adjacent_find(grid.begin(), grid.end(), std::greater_equal<>()) != grid.end()) {
    throw Error(ErrorKind::kUsage,
                fmt::format("sweep: {} points from {:g} to {:g} lie closer than four digits tell "
                            "apart; take fewer",
                            points, from, to));
  }
  return grid;
}

Bracket bisect_bound(double from, double to, double resolution, double level, const Probe& probe) {
  check_range(from, to);
  if (!(resolution >= kFinestResolution)) {
    throw Error(ErrorKind::kUsage,
                fmt::format("sweep: a resolution of {:g}; it must be at least {:g}", resolution,
                            kFinestResolution));
  }
  Bracket bracket;
  /// False: the probe ended the bisection.
  const auto take = [&](double bound) {
    const std::optional<double> accuracy = probe(bound);
    if (!accuracy) return false;
    (*accuracy < level ? bracket.below : bracket.above) = BoundAccuracy{bound, *accuracy};
    return true;
  };
  if (!take(from) || bracket.below || !take(to) || !bracket.below) return bracket;
  while (bracket.below->bound > bracket.above->bound * (1 + resolution)) {
    const double middle = four_digits(std::sqrt(bracket.below->bound * bracket.above->bound));
    if (middle <= bracket.above->bound || middle >= bracket.below->bound || !take(middle)) break;
  }
  return bracket;
}

}  // namespace crucible::experiment
