#include "host/experiment/plot_axis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace crucible::experiment {
namespace {

/// 1500000 -> "1.5 M"
std::string tick_label(double value) {
  const double size = std::abs(value);
  if (size >= 1e6) return fmt::format("{:g} M", value / 1e6);
  if (size >= 1e4) return fmt::format("{:g} k", value / 1e3);
  return fmt::format("{:g}", value);
}

double round_step(double span, int parts) {
  const double raw = span / parts;
  const double decade = std::pow(10.0, std::floor(std::log10(raw)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * decade >= raw * (1 - 1e-9)) return factor * decade;
  }
  return 10 * decade;
}

}  // namespace

PlotAxis::PlotAxis(Scale scale, const std::vector<double>& values) : scale_(scale) {
  double lowest = std::numeric_limits<double>::infinity();
  double highest = -lowest;
  for (const double value : values) {
    if (scale == Scale::kLog && value <= 0) continue;
    lowest = std::min(lowest, value);
    highest = std::max(highest, value);
  }
  if (!(lowest <= highest)) lowest = highest = 1;
  if (scale == Scale::kLog) {
    logarithmic(lowest, highest);
  } else {
    linear(lowest, highest);
  }
}

void PlotAxis::linear(double lowest, double highest) {
  if (lowest > 0 && lowest < 0.4 * highest) lowest = 0;
  if (highest == lowest) highest = lowest + std::max(1.0, std::abs(lowest));
  const double step = round_step(highest - lowest, 6);
  const double first = std::floor(lowest / step + 1e-9);
  const double last = std::ceil(highest / step - 1e-9);
  from_ = first * step;
  to_ = last * step;
  for (double k = first; k <= last; ++k) ticks_.push_back({k * step, tick_label(k * step)});
}

void PlotAxis::logarithmic(double lowest, double highest) {
  constexpr double kSlack = 1e-9;
  const double decades = std::log10(highest / lowest);
  // Ends at 1, 2 or 5 of a decade, so that little of the plot is empty.
  const auto end = [](double value, bool upper) {
    const double decade = std::pow(10.0, std::floor(std::log10(value) + kSlack));
    double best = decade;
    for (const double factor : {1.0, 2.0, 5.0, 10.0}) {
      const double candidate = factor * decade;
      if (upper && candidate >= value * (1 - kSlack)) return candidate;
      if (!upper && candidate <= value * (1 + kSlack)) best = candidate;
    }
    return best;
  };
  const double bottom = end(lowest, false);
  double top = end(highest, true);
  if (top <= bottom) top = bottom * 10;
  from_ = std::log10(bottom);
  to_ = std::log10(top);
  for (double e = std::floor(from_ + kSlack); e <= to_ + kSlack; ++e) {
    for (int digit = 1; digit <= 9; ++digit) {
      const double value = digit * std::pow(10.0, e);
      if (value < bottom * (1 - kSlack) || value > top * (1 + kSlack)) continue;
      const bool major = digit == 1 || (decades < 3.5 && (digit == 2 || digit == 5));
      ticks_.push_back({value, major ? tick_label(value) : ""});
    }
  }
}

double PlotAxis::position(double value) const {
  const double lower_end = scale_ == Scale::kLog ? std::pow(10.0, from_) : from_;
  const double inside = std::max(value, lower_end);
  const double v = scale_ == Scale::kLog ? std::log10(inside) : inside;
  return (v - from_) / (to_ - from_);
}

}  // namespace crucible::experiment
