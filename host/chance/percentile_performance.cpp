#include "host/chance/percentile_performance.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "models/error.hpp"

namespace crucible::chance {
namespace {

/// Accuracies are multiples of 1 / images; a bound typed in decimals may miss one by its last bit.
constexpr double kLastBit = 1e-12;

void check_chips(std::span<const double> accuracy) {
  if (!accuracy.empty()) return;
  throw Error(ErrorKind::kUsage, "chance: no chip was evaluated; ask for at least one");
}

}  // namespace

Spread spread(std::span<const double> accuracy, double confidence) {
  check_chips(accuracy);
  Spread result;
  result.chips = static_cast<int64_t>(accuracy.size());
  const auto n = static_cast<double>(accuracy.size());
  result.mean = std::accumulate(accuracy.begin(), accuracy.end(), 0.0) / n;
  result.lowest = *std::min_element(accuracy.begin(), accuracy.end());
  if (accuracy.size() < 2) return result;
  double squares = 0;
  for (const double a : accuracy) squares += (a - result.mean) * (a - result.mean);
  result.deviation = std::sqrt(squares / (n - 1));
  result.mean_interval = mean_interval(accuracy, confidence);
  return result;
}

Percentile percentile_performance(std::span<const double> accuracy, double q, double confidence) {
  check_chips(accuracy);
  Percentile result;
  result.q = q;
  result.needed = values_needed(q, confidence);
  const auto n = static_cast<int64_t>(accuracy.size());
  std::vector<double> sorted(accuracy.begin(), accuracy.end());
  std::sort(sorted.begin(), sorted.end());
  const auto ranked = [&](int64_t rank) { return sorted[static_cast<size_t>(rank - 1)]; };
  const double position = static_cast<double>(n) * q * (1 - kLastBit);
  if (static_cast<double>(n) * q >= 1 - kLastBit) {
    result.accuracy = ranked(static_cast<int64_t>(std::ceil(position)));
  }
  if (const auto ranks = quantile_ranks(n, q, confidence)) {
    result.interval = Interval{ranked(ranks->lo), ranked(ranks->hi)};
  }
  return result;
}

Exceedance exceedance(std::span<const double> accuracy, double at_most, double confidence) {
  check_chips(accuracy);
  Exceedance result{at_most, 0, static_cast<int64_t>(accuracy.size()), {}};
  result.hits = std::count_if(accuracy.begin(), accuracy.end(),
                              [&](double a) { return a <= at_most + kLastBit; });
  result.interval = clopper_pearson(result.hits, result.chips, confidence);
  return result;
}

}  // namespace crucible::chance
