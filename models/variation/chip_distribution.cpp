// See chip_distribution.hpp.
#include "models/variation/chip_distribution.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/error.hpp"

namespace crucible::models {
namespace {

constexpr double kSmallestSigma = 0.05;
constexpr double kOne = 0x1p53;  ///< thresholds are 53-bit integers, exact in double

/// exp(-y) for y >= 0: Taylor's series of exp(-y / 1024), squared ten times. Relative error below
/// 1e-12 up to y = 700.
double exp_minus(double y) {
  const double small = y / 1024.0;
  double value = 1.0;
  for (int k = 12; k >= 1; --k) value = 1.0 - value * small / k;
  for (int k = 0; k < 10; ++k) value *= value;
  return value;
}

/// Integral of exp(-(x / width)^2 / 2) from a to b by Simpson's rule, in steps of at most 0.03
/// width.
double gaussian_integral(double a, double b, double width) {
  int intervals = 4;
  while (b - a > 0.03 * width * intervals) intervals *= 2;
  const double step = (b - a) / intervals;
  double sum = 0.0;
  for (int k = 0; k <= intervals; ++k) {
    const double t = (a + step * k) / width;
    const double weight = k == 0 || k == intervals ? 1.0 : k % 2 == 1 ? 4.0 : 2.0;
    sum += weight * exp_minus(t * t / 2.0);
  }
  return sum * step / 3.0;
}

}  // namespace

TruncatedGaussian::TruncatedGaussian(int32_t limit, double sigma) : limit_(limit) {
  if (!(sigma >= kSmallestSigma) || sigma > 1e3) {
    throw Error(ErrorKind::kUsage,
                fmt::format("random chip: sigma is {} of the bound; it must be between {} and 1000",
                            sigma, kSmallestSigma));
  }
  const double width = sigma * limit;
  std::vector<double> mass(limit + 1);  // of +-value
  double total = 0.0;
  for (int32_t value = 0; value <= limit; ++value) {
    const double above = value < limit ? value + 0.5 : value;
    const double below = value > 0 ? value - 0.5 : 0.0;
    mass[value] = gaussian_integral(below, above, width);  // the half bin at 0 counts twice below
    total += 2.0 * mass[value];
  }
  double sum = 0.0;
  below_.reserve(mass.size() * 2);
  for (int32_t value = -limit; value < limit; ++value) {
    sum += value == 0 ? 2.0 * mass[0] : mass[value < 0 ? -value : value];
    below_.push_back(static_cast<uint64_t>(std::min(sum / total, 1.0) * kOne));
  }
}

int32_t TruncatedGaussian::draw(uint64_t uniform) const {
  const auto found = std::upper_bound(below_.begin(), below_.end(), uniform >> 11);
  return static_cast<int32_t>(found - below_.begin()) - limit_;
}

double TruncatedGaussian::probability(int32_t value) const {
  const int32_t position = value + limit_;
  const auto index = static_cast<size_t>(position);
  const double upper = index < below_.size() ? static_cast<double>(below_[index]) : kOne;
  const double lower = index > 0 ? static_cast<double>(below_[index - 1]) : 0.0;
  return (upper - lower) / kOne;
}

int32_t draw_vertex(const Range& range, uint64_t uniform) {
  return (uniform >> 63) != 0 ? range.hi : range.lo;
}

int32_t draw_uniform(const Range& range, uint64_t uniform) {
  const auto values = static_cast<uint64_t>(range.hi - range.lo) + 1;
  // floor(uniform * values / 2^64) in two halves; values < 2^32, so nothing overflows.
  const uint64_t low = (uniform & 0xFFFFFFFF) * values;
  const uint64_t high = (uniform >> 32) * values + (low >> 32);
  return range.lo + static_cast<int32_t>(high >> 32);
}

}  // namespace crucible::models
