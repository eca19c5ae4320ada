// See interval_pass.hpp.
#include "host/certify/interval_pass.hpp"

#include <algorithm>

namespace crucible::certify {

using models::LayerKind;
using models::LayerShape;

BoxedNetwork::BoxedNetwork(const models::QuantisedNetwork& network,
                           const models::CompiledNetwork& compiled, const models::WeightBox& box,
                           const LayerMask& mask)
    : compiled_(compiled) {
  check_box(network, compiled, box, mask);
  for (size_t l = 0; l < compiled_.layers.size(); ++l) {
    const bool varies = mask.empty() || mask[l];
    products_.emplace_back(compiled_.layers[l], make_layer_box(network, compiled_, box, l, varies));
  }
}

IntervalPass::IntervalPass(const BoxedNetwork& network)
    : network_(network), states_(network.layers()) {
  for (size_t l = 0; l < network.layers(); ++l) {
    const LayerShape& shape = network.compiled().layers[l].shape;
    LayerState& state = states_[l];
    const size_t vectors = static_cast<size_t>(shape.positions()) * shape.fan_in();
    state.x_low.resize(vectors);
    state.x_high.resize(vectors);
    state.product.resize(static_cast<size_t>(shape.positions()) * shape.out_channels);
    state.y_low.resize(shape.out_size());
    state.y_high.resize(shape.out_size());
    patches_.emplace_back(shape);
  }
}

void IntervalPass::run(std::span<const uint8_t> image, ConversionCount* first) {
  run_layer(0, image, image, first);
  for (size_t l = 1; l < states_.size(); ++l) {
    run_layer(l, states_[l - 1].y_low, states_[l - 1].y_high);
  }
}

void IntervalPass::rerun_after(size_t layer) {
  requantise(layer);
  for (size_t l = layer + 1; l < states_.size(); ++l) {
    run_layer(l, states_[l - 1].y_low, states_[l - 1].y_high);
  }
}

void IntervalPass::run_layer(size_t layer, std::span<const uint8_t> in_low,
                             std::span<const uint8_t> in_high, ConversionCount* count) {
  const LayerShape& shape = network_.compiled().layers[layer].shape;
  LayerState& state = states_[layer];
  if (shape.kind == LayerKind::kFullyConnected) {
    std::copy(in_low.begin(), in_low.end(), state.x_low.begin());
    std::copy(in_high.begin(), in_high.end(), state.x_high.begin());
  } else {
    patches_[layer].cut(in_low.data(), state.x_low.data());
    patches_[layer].cut(in_high.data(), state.x_high.data());
  }
  const LayerProduct& product = network_.product(layer);
  for (int position = 0; position < shape.positions(); ++position) {
    const size_t vector = static_cast<size_t>(position) * shape.fan_in();
    product.multiply(state.x_low.data() + vector, state.x_high.data() + vector, scratch_,
                     state.product, static_cast<size_t>(position) * shape.out_channels, count);
  }
  if (layer + 1 < states_.size()) requantise(layer);
}

/// Requantisation and the maximum are monotone: the ends of the interval go through them one by
/// one.
void IntervalPass::requantise(size_t layer) {
  const models::CompiledLayer& compiled = network_.compiled().layers[layer];
  const LayerShape& shape = compiled.shape;
  LayerState& state = states_[layer];
  const models::Requantiser requantiser{compiled.multiplier, compiled.right_shift};
  const int channels = shape.out_channels;
  const size_t line = static_cast<size_t>(shape.conv_width()) * channels;
  const int step = shape.pool ? 2 : 1;
  const size_t plane = static_cast<size_t>(shape.out_height()) * shape.out_width();
  const auto end = [&](const std::vector<int64_t>& acc, size_t at, int channel) {
    int64_t v = acc[at];
    if (shape.pool) {
      v = std::max({v, acc[at + channels], acc[at + line], acc[at + line + channels]});
    }
    return requantiser(v + compiled.bias[channel]);
  };
  size_t pixel = 0;
  for (int row = 0; row < shape.out_height(); ++row) {
    for (int column = 0; column < shape.out_width(); ++column, ++pixel) {
      const size_t at = step * (row * line + static_cast<size_t>(column) * channels);
      for (int c = 0; c < channels; ++c) {
        state.y_low[c * plane + pixel] = end(state.product.acc.low, at + c, c);
        state.y_high[c * plane + pixel] = end(state.product.acc.high, at + c, c);
      }
    }
  }
}

Intervals IntervalPass::logits() const {
  Intervals logits = states_.back().product.acc;
  const std::vector<int64_t>& bias = network_.compiled().layers.back().bias;
  for (size_t o = 0; o < bias.size(); ++o) {
    logits.low[o] += bias[o];
    logits.high[o] += bias[o];
  }
  return logits;
}

std::vector<int64_t> IntervalPass::margins(int label) const {
  const LayerState& state = states_.back();
  const LayerProduct& product = network_.product(states_.size() - 1);
  const std::vector<int64_t>& bias = network_.compiled().layers.back().bias;
  std::vector<int64_t> margins = product.margins(label, state.x_low, state.x_high, state.product);
  for (size_t o = 0; o < margins.size(); ++o) margins[o] += bias[label] - bias[o];
  return margins;
}

bool certifies(std::span<const int64_t> margins, int label) {
  for (int o = 0; o < static_cast<int>(margins.size()); ++o) {
    if (o != label && margins[o] < (o < label ? 1 : 0)) return false;
  }
  return true;
}

}  // namespace crucible::certify
