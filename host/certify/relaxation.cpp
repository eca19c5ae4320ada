// See relaxation.hpp.
#include "host/certify/relaxation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace crucible::certify {

using models::LayerKind;
using models::LayerShape;

namespace {

/// Coefficients of sums are rounded to this many bits, so that what is made of them is exact.
constexpr int kCoefficientBits = 30;
/// Times a weight of 4 bits, added at most this often, they stay below 53 bits.
constexpr int64_t kMostTerms = int64_t{1} << 17;
/// More than the rounding of all terms of a bound, relative to the sum of their magnitudes.
constexpr double kRounding = 0x1p-30;

/// What an integer that is at least `bound` is at least.
int64_t ceiling(double bound) { return static_cast<int64_t>(std::ceil(bound)); }

}  // namespace

Relaxation::Relaxation(const BoxedNetwork& network) : network_(network), layers_(network.layers()) {
  const double level = std::ldexp(1.0, network.compiled().common.lsb_exp);
  for (size_t l = 0; l < network.layers(); ++l) {
    const LayerShape& shape = network.compiled().layers[l].shape;
    for (const int8_t weight : network.product(l).box().nominal)
      layers_[l].weight.push_back(level * weight);
    const int area = shape.kernel * shape.kernel;
    for (int tap = 0; tap < shape.fan_in(); ++tap) {
      layers_[l].taps.push_back({tap / area, tap % area / shape.kernel, tap % shape.kernel});
    }
    const auto sums = static_cast<size_t>(shape.positions()) * shape.out_channels;
    layers_[l].noise_low.resize(sums);
    layers_[l].noise_high.resize(sums);
    if (l + 1 < network.layers()) lines_.emplace_back(network, l);
  }
}

bool Relaxation::is_exact(const BoxedNetwork& network) {
  const auto& layers = network.compiled().layers;
  return std::all_of(layers.begin(), layers.end(), [](const models::CompiledLayer& layer) {
    return int64_t{layer.shape.kernel} * layer.shape.kernel * layer.shape.out_channels <=
           kMostTerms;
  });
}

void Relaxation::clear(size_t inputs) {
  coefficients_.assign(inputs, Row{});
  constant_.fill(0);
  magnitude_.fill(0);
}

void Relaxation::add(size_t objective, double term) {
  constant_[objective] += term;
  magnitude_[objective] += std::abs(term);
}

void Relaxation::tighten(const IntervalPass& box, const IntervalPass& ideal, int label,
                         std::span<int64_t> margins) {
  const size_t last = layers_.size() - 1;
  for (size_t l = 0; l <= last; ++l) find_noise(l, box.state(l));
  for (size_t l = 0; l < last; ++l) lines_[l].find(box.state(l), ideal.state(l));
  const Layer& layer = layers_[last];
  const int classes = network_.compiled().classes();
  const std::vector<int64_t> own = ideal.margins(label);
  for (int first = 0; first < classes; first += kWidth) {
    const int count = std::min(kWidth, classes - first);
    clear(network_.product(last).box().fan_in);
    for (int k = 0; k < count; ++k) {
      if (first + k == label) continue;
      add(k, static_cast<double>(own[first + k]));
      add(k, layer.noise_low[label]);
      add(k, -layer.noise_high[first + k]);
      for (size_t i = 0; i < coefficients_.size(); ++i) {
        const double* weight = layer.weight.data() + i * classes;
        coefficients_[i][k] = weight[label] - weight[first + k];
      }
    }
    descend(last, box, ideal);
    for (int k = 0; k < count; ++k) {
      if (first + k == label) continue;
      margins[first + k] = std::max(margins[first + k], static_cast<int64_t>(std::ceil(best_[k])));
    }
  }
}

void Relaxation::narrow(IntervalPass& box, const IntervalPass& ideal) {
  find_noise(0, box.state(0));
  for (size_t l = 1; l < lines_.size(); ++l) {
    lines_[l - 1].find(box.state(l - 1), ideal.state(l - 1));
    find_noise(l, box.state(l));
    const LayerShape& shape = network_.compiled().layers[l].shape;
    if (shape.kind != LayerKind::kFullyConnected || !lines_[l - 1].linear()) continue;
    const Layer& layer = layers_[l];
    const Intervals& own = ideal.state(l).product.acc;
    Intervals& acc = box.state(l).product.acc;
    constexpr size_t kOutputs = kWidth / 2;  // each from below and from above
    std::vector<size_t> open;                // a fixed activation has nothing to gain
    for (size_t o = 0; o < acc.low.size(); ++o) {
      if (box.state(l).y_low[o] != box.state(l).y_high[o]) open.push_back(o);
    }
    for (size_t first = 0; first < open.size(); first += kOutputs) {
      const auto chunk = std::span(open).subspan(first, std::min(kOutputs, open.size() - first));
      clear(shape.in_size());
      for (size_t k = 0; k < chunk.size(); ++k) {
        add(2 * k, layer.noise_low[chunk[k]]);
        add(2 * k + 1, -layer.noise_high[chunk[k]]);
        for (size_t i = 0; i < coefficients_.size(); ++i) {
          const double weight = layer.weight[i * shape.out_channels + chunk[k]];
          coefficients_[i][2 * k] = weight;
          coefficients_[i][2 * k + 1] = -weight;
        }
      }
      descend(l, box, ideal);
      for (size_t k = 0; k < chunk.size(); ++k) {
        const size_t o = chunk[k];
        acc.low[o] = std::max(acc.low[o], own.low[o] + ceiling(best_[2 * k]));
        acc.high[o] = std::min(acc.high[o], own.low[o] - ceiling(best_[2 * k + 1]));
      }
    }
    box.rerun_after(l);
  }
}

void Relaxation::descend(size_t layer, const IntervalPass& box, const IntervalPass& ideal) {
  best_.fill(-std::numeric_limits<double>::infinity());
  for (; layer > 0; --layer) {
    conclude(&box.state(layer - 1), &ideal.state(layer - 1));
    if (!lines_[layer - 1].linear()) return;
    substitute(layer - 1, box.state(layer - 1), ideal.state(layer - 1));
  }
  conclude(nullptr, nullptr);
}

/// The bound with the activations anywhere in their intervals; no inputs: nothing is left to vary.
void Relaxation::conclude(const LayerState* inputs, const LayerState* ideal) {
  Row bound = constant_, magnitude = magnitude_;
  for (size_t i = 0; inputs != nullptr && i < inputs->y_low.size(); ++i) {
    const double below = int{inputs->y_low[i]} - int{ideal->y_low[i]};
    const double above = int{inputs->y_high[i]} - int{ideal->y_low[i]};
    if (below == above) continue;
    const Row& coefficient = coefficients_[i];
    for (int k = 0; k < kWidth; ++k) {
      const double term = std::min(coefficient[k] * below, coefficient[k] * above);
      bound[k] += term;
      magnitude[k] += std::abs(term);
    }
  }
  for (int k = 0; k < kWidth; ++k) {
    best_[k] = std::max(best_[k], bound[k] - magnitude[k] * kRounding);
  }
}

/// From coefficients of a layer's activations to coefficients of its inputs.
void Relaxation::substitute(size_t layer, const LayerState& box, const LayerState& ideal) {
  const ActivationLines& lines = lines_[layer];
  const Layer& noise = layers_[layer];
  const auto fixed = [&](size_t n) {
    return box.y_low[n] == box.y_high[n] && box.y_low[n] == ideal.y_low[n];
  };
  Row largest{}, unit{};
  for (size_t n = 0; n < coefficients_.size(); ++n) {
    if (fixed(n)) continue;
    for (int k = 0; k < kWidth; ++k) {
      const double coefficient = coefficients_[n][k];
      largest[k] = std::max(largest[k], std::abs(coefficient * lines.under(n, coefficient).slope));
    }
  }
  for (int k = 0; k < kWidth; ++k) {
    if (largest[k] > 0) unit[k] = std::ldexp(1.0, std::ilogb(largest[k]) - kCoefficientBits);
  }
  sums_.assign(noise.noise_low.size(), Row{});
  for (size_t n = 0; n < coefficients_.size(); ++n) {
    if (fixed(n)) continue;
    for (int k = 0; k < kWidth; ++k) {
      const double coefficient = coefficients_[n][k];
      if (coefficient == 0) continue;
      const Line& line = lines.under(n, coefficient);
      add(k, coefficient * line.intercept);
      if (line.slope == 0) continue;
      // Any slope will do as long as the constant makes up for it.
      const double rounded = std::nearbyint(coefficient * line.slope / unit[k]) * unit[k];
      sums_[line.sum][k] = rounded;
      add(k, -unit[k] * line.reach);
      add(k, rounded * (rounded > 0 ? noise.noise_low : noise.noise_high)[line.sum]);
    }
  }
  sums_to_inputs(layer);
}

/// Exact: see kMostTerms.
void Relaxation::sums_to_inputs(size_t layer) {
  const LayerShape& shape = network_.compiled().layers[layer].shape;
  const int outputs = shape.out_channels;
  coefficients_.assign(shape.in_size(), Row{});
  for (int position = 0; position < shape.positions(); ++position) {
    const int top = position / shape.conv_width() - shape.pad;
    const int left = position % shape.conv_width() - shape.pad;
    for (int o = 0; o < outputs; ++o) {
      const Row& from = sums_[static_cast<size_t>(position) * outputs + o];
      if (from == Row{}) continue;  // most of them
      const double* weight = layers_[layer].weight.data() + o;
      for (const Tap& tap : layers_[layer].taps) {
        const int y = top + tap.row, x = left + tap.column;
        if (y >= 0 && x >= 0 && y < shape.in_height && x < shape.in_width && *weight != 0) {
          Row& to = coefficients_[(tap.channel * shape.in_height + y) * shape.in_width + x];
          for (int k = 0; k < kWidth; ++k) to[k] += *weight * from[k];
        }
        weight += outputs;
      }
    }
  }
}

/// Changes of the weights, each against an input that is not negative: the worst is the largest
/// input. The changes of different weights are independent.
void Relaxation::find_noise(size_t layer, const LayerState& state) {
  const LayerBox& box = network_.product(layer).box();
  const LayerShape& shape = network_.compiled().layers[layer].shape;
  const int32_t level = 1 << network_.compiled().common.lsb_exp;
  std::vector<int64_t> low(box.outputs), high(box.outputs);
  for (int position = 0; position < shape.positions(); ++position) {
    const uint8_t* x = state.x_high.data() + static_cast<size_t>(position) * box.fan_in;
    std::fill(low.begin(), low.end(), 0);
    std::fill(high.begin(), high.end(), 0);
    for (int i = 0; i < box.fan_in && box.varies; ++i) {
      if (x[i] == 0) continue;
      const int32_t input = x[i];
      for (int o = 0; o < box.outputs; ++o) {
        const int32_t nominal = level * box.weight(i, o);
        low[o] += input * (box.weights_low(i)[o] - nominal);
        high[o] += input * (box.weights_high(i)[o] - nominal);
      }
    }
    for (int o = 0; o < box.outputs; ++o) {
      const size_t at = static_cast<size_t>(position) * box.outputs + o;
      layers_[layer].noise_low[at] = static_cast<double>(low[o]);
      layers_[layer].noise_high[at] = static_cast<double>(high[o]);
    }
  }
}

}  // namespace crucible::certify
