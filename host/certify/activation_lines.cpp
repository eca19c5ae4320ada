// See activation_lines.hpp.
#include "host/certify/activation_lines.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace crucible::certify {

using models::LayerShape;

namespace {

/// An activation of fewer possible values than this is held between constants.
constexpr int kFewValues = 3;
/// More than what rounding does to an intercept, in codes; its parts are below kLargestSum codes.
constexpr double kIntercept = 0x1p-24;
constexpr double kLargestSum = 0x1p20;
/// Requantisation clamps sums beyond this.
constexpr int64_t kLargestValue = (int64_t{1} << 45) - 1;
constexpr double kLargestCode = 255;

}  // namespace

ActivationLines::ActivationLines(const BoxedNetwork& network, size_t layer)
    : layer_(network.compiled().layers[layer]),
      ratio_(std::ldexp(static_cast<double>(layer_.multiplier), -layer_.right_shift)),
      lower_(layer_.shape.out_size()),
      upper_(layer_.shape.out_size()) {}

void ActivationLines::find(const LayerState& box, const LayerState& ideal) {
  const LayerShape& shape = layer_.shape;
  const int channels = shape.out_channels;
  const size_t line = static_cast<size_t>(shape.conv_width()) * channels;
  const int step = shape.pool ? 2 : 1;
  linear_ = false;
  size_t activation = 0;
  for (int c = 0; c < channels; ++c) {
    for (int row = 0; row < shape.out_height(); ++row) {
      for (int column = 0; column < shape.out_width(); ++column, ++activation) {
        const size_t at = step * (row * line + static_cast<size_t>(column) * channels) + c;
        const std::array<size_t, 4> sums{at, at + channels, at + line, at + line + channels};
        relax(activation, std::span(sums).first(shape.pool ? 4 : 1), c, box, ideal);
      }
    }
  }
}

void ActivationLines::relax(size_t activation, std::span<const size_t> sums, int channel,
                            const LayerState& box, const LayerState& ideal) {
  const double y0 = ideal.y_low[activation];
  Line& lower = lower_[activation];
  Line& upper = upper_[activation];
  lower = {.intercept = box.y_low[activation] - y0};
  upper = {.intercept = box.y_high[activation] - y0};
  if (box.y_high[activation] - box.y_low[activation] + 1 < kFewValues) return;

  // The sum that can be largest, and the most that the others (and the ReLU's 0) can be, in codes.
  const auto codes = [&](int64_t acc) {
    return static_cast<double>(acc + layer_.bias[channel]) * ratio_;
  };
  const Intervals& acc = box.product.acc;
  const size_t lead = *std::max_element(
      sums.begin(), sums.end(), [&](size_t a, size_t b) { return acc.high[a] < acc.high[b]; });
  double others = 0;
  for (const size_t sum : sums) {
    if (sum != lead) others = std::max(others, codes(acc.high[sum]));
  }
  const int64_t v0 = ideal.product.acc.low[lead];
  const double u0 = codes(v0), low = codes(acc.low[lead]), high = codes(acc.high[lead]);
  if (!(std::max(std::abs(low), std::abs(high)) < kLargestSum)) return;
  if (acc.high[lead] + layer_.bias[channel] > kLargestValue) return;
  const auto reach = static_cast<double>(std::max(acc.high[lead] - v0, v0 - acc.low[lead]));
  // y > u - 1/2 where 255 does not cut it; where most of the interval is below zero, y >= 0 is
  // better.
  if (high < kLargestCode && high > -low) {
    lower = {lead, ratio_, u0 - y0 - 0.5 - kIntercept, reach};
    linear_ = true;
  }
  // y <= max(u, others) + 1/2, and a convex function lies below its chord.
  if (others < high) {
    const double floor = std::max(others, low);
    const double slope = low < floor ? (high - floor) / (high - low) : 1.0;
    upper = {lead, ratio_ * slope, floor + slope * (u0 - low) - y0 + 0.5 + kIntercept, reach};
    linear_ = true;
  }
}

}  // namespace crucible::certify
