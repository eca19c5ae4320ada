// See network.hpp.
#include "models/network/network.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "models/error.hpp"

namespace crucible::models {
namespace {

constexpr int kLargestWeight = 15;  ///< two slices of two bits
constexpr int kLargestSide = 4096;

[[noreturn]] void refuse(const LayerShape& shape, size_t index, const std::string& what) {
  throw Error(ErrorKind::kUsage,
              fmt::format("network: layer {} ('{}') {}", index, shape.name, what));
}

void check_shape(const LayerShape& shape, size_t index) {
  const auto legal = [](int value) { return value >= 1 && value <= kLargestSide; };
  if (!legal(shape.in_channels) || !legal(shape.in_height) || !legal(shape.in_width) ||
      !legal(shape.out_channels) || !legal(shape.kernel)) {
    refuse(shape, index,
           fmt::format("has {} x {} x {} inputs, {} outputs and a {} x {} kernel; each must be "
                       "between 1 and {}",
                       shape.in_channels, shape.in_height, shape.in_width, shape.out_channels,
                       shape.kernel, shape.kernel, kLargestSide));
  }
  if (shape.pad < 0 || shape.pad >= shape.kernel) {
    refuse(shape, index,
           fmt::format("has padding {}; it must be at least 0 and below the kernel's {}", shape.pad,
                       shape.kernel));
  }
  if (shape.kind == LayerKind::kFullyConnected &&
      (shape.in_height != 1 || shape.in_width != 1 || shape.kernel != 1 || shape.pool)) {
    refuse(shape, index,
           "is fully connected; it must have in_height = in_width = kernel = 1 and no pooling");
  }
  if (shape.conv_height() < 1 || shape.conv_width() < 1 || shape.out_size() < 1) {
    refuse(shape, index,
           fmt::format("has no output: {} x {} inputs, kernel {}, padding {}, pooling {}",
                       shape.in_height, shape.in_width, shape.kernel, shape.pad,
                       shape.pool ? "on" : "off"));
  }
}

void check_values(const QuantisedLayer& layer, size_t index) {
  const LayerShape& shape = layer.shape;
  if (layer.weights.size() != static_cast<size_t>(shape.weight_count())) {
    refuse(shape, index,
           fmt::format("has {} weights; {} outputs of {} inputs need {}", layer.weights.size(),
                       shape.out_channels, shape.fan_in(), shape.weight_count()));
  }
  if (layer.bias.size() != static_cast<size_t>(shape.out_channels)) {
    refuse(shape, index,
           fmt::format("has {} biases for {} outputs", layer.bias.size(), shape.out_channels));
  }
  for (size_t i = 0; i < layer.weights.size(); ++i) {
    if (std::abs(layer.weights[i]) <= kLargestWeight) continue;
    refuse(
        shape, index,
        fmt::format("has weight {} at output {}, input {}; weights are -{} to {}", layer.weights[i],
                    i / shape.fan_in(), i % shape.fan_in(), kLargestWeight, kLargestWeight));
  }
  for (size_t o = 0; o < layer.bias.size(); ++o) {
    if (!std::isfinite(layer.bias[o]))
      refuse(shape, index, fmt::format("has a bias that is no number at output {}", o));
  }
  const auto legal_scale = [](double scale) { return std::isfinite(scale) && scale > 0.0; };
  if (!legal_scale(layer.w_scale) || !legal_scale(layer.x_scale)) {
    refuse(shape, index,
           fmt::format("has w_scale {} and x_scale {}; both must be positive numbers",
                       layer.w_scale, layer.x_scale));
  }
}

void check_joint(const LayerShape& from, const LayerShape& to, size_t index) {
  const bool fits = to.kind == LayerKind::kFullyConnected
                        ? to.in_channels == from.out_size()
                        : to.in_channels == from.out_channels &&
                              to.in_height == from.out_height() && to.in_width == from.out_width();
  if (fits) return;
  refuse(to, index,
         fmt::format("takes {} x {} x {} inputs, but '{}' before it gives {} x {} x {}",
                     to.in_channels, to.in_height, to.in_width, from.name, from.out_channels,
                     from.out_height(), from.out_width()));
}

}  // namespace

int QuantisedNetwork::w_max(size_t layer) const {
  int largest = 0;
  for (const int8_t weight : layers.at(layer).weights)
    largest = std::max(largest, std::abs(int{weight}));
  return largest;
}

void QuantisedNetwork::check() const {
  if (layers.empty())
    throw Error(ErrorKind::kUsage, fmt::format("network '{}' has no layers", name));
  for (size_t i = 0; i < layers.size(); ++i) {
    check_shape(layers[i].shape, i);
    check_values(layers[i], i);
    if (i > 0) check_joint(layers[i - 1].shape, layers[i].shape, i);
  }
  const LayerShape& last = layers.back().shape;
  if (last.out_height() != 1 || last.out_width() != 1 || last.pool) {
    refuse(
        last, layers.size() - 1,
        fmt::format("is the last one and gives {} x {} positions; its outputs are the logits, so "
                    "there must be one position and no pooling",
                    last.out_height(), last.out_width()));
  }
}

}  // namespace crucible::models
