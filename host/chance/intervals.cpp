#include "host/chance/intervals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <numeric>

#include "models/error.hpp"

namespace crucible::chance {
namespace {

using boost::math::binomial_distribution;

/// Probability outside of the interval, at each end.
double tail(double confidence) {
  if (!(confidence >= 0.5 && confidence <= 0.9999)) {
    throw Error(
        ErrorKind::kUsage,
        fmt::format("interval: confidence is {}; it must be between 0.5 and 0.9999", confidence));
  }
  return (1.0 - confidence) / 2.0;
}

void check_quantile(double q) {
  if (q > 0.0 && q < 1.0) return;
  throw Error(
      ErrorKind::kUsage,
      fmt::format("interval: quantile is {}; it must lie between 0 and 1, both excluded", q));
}

/// Smallest k with P(B <= k) >= p, B binomial. By bisection on the exact distribution function.
int64_t binomial_quantile(const binomial_distribution<>& binomial, double p) {
  int64_t lo = 0, hi = static_cast<int64_t>(binomial.trials());
  while (lo < hi) {
    const int64_t middle = lo + (hi - lo) / 2;
    if (boost::math::cdf(binomial, static_cast<double>(middle)) >= p) {
      hi = middle;
    } else {
      lo = middle + 1;
    }
  }
  return lo;
}

}  // namespace

Interval mean_interval(std::span<const double> values, double confidence) {
  const double each = tail(confidence);
  if (values.size() < 2) {
    throw Error(ErrorKind::kUsage, fmt::format("interval: {} values have no spread; the mean's "
                                               "interval needs at least 2",
                                               values.size()));
  }
  const auto n = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  const double error = std::sqrt(squares / (n - 1) / n);
  const boost::math::students_t student(n - 1);
  const double half = boost::math::quantile(boost::math::complement(student, each)) * error;
  return {mean - half, mean + half};
}

Interval clopper_pearson(int64_t hits, int64_t trials, double confidence) {
  const double each = tail(confidence);
  if (trials < 1 || hits < 0 || hits > trials) {
    throw Error(ErrorKind::kUsage,
                fmt::format("interval: {} hits in {} trials; hits must be 0 .. trials, trials at "
                            "least 1",
                            hits, trials));
  }
  const auto n = static_cast<double>(trials);
  const auto k = static_cast<double>(hits);
  using Binomial = binomial_distribution<>;
  return {hits == 0 ? 0.0 : Binomial::find_lower_bound_on_p(n, k, each),
          hits == trials ? 1.0 : Binomial::find_upper_bound_on_p(n, k, each)};
}

std::optional<RankInterval> quantile_ranks(int64_t values, double q, double confidence) {
  check_quantile(q);
  const double each = tail(confidence);
  if (values < 1) return std::nullopt;
  // Let B be the number of values below the quantile. The rank lo fails when B <= lo - 1 does not
  // hold its side: P(B <= lo - 1) <= each; the rank hi when B >= hi: P(B <= hi - 1) >= 1 - each.
  const binomial_distribution<> below(static_cast<double>(values), q);
  const int64_t lo = binomial_quantile(below, std::nextafter(each, 1.0));
  const int64_t hi = binomial_quantile(below, 1.0 - each) + 1;
  if (lo < 1 || hi > values) return std::nullopt;
  return RankInterval{lo, hi};
}

int64_t values_needed(double q, double confidence) {
  check_quantile(q);
  const double each = tail(confidence);
  // P(B = 0) = (1 - q)^n and P(B = n) = q^n must both be at most `each`.
  const double rarer = std::min(q, 1.0 - q);
  auto n = static_cast<int64_t>(std::ceil(std::log(each) / std::log1p(-rarer)));
  n = std::max<int64_t>(n, 1);
  while (!quantile_ranks(n, q, confidence)) ++n;
  return n;
}

}  // namespace crucible::chance
