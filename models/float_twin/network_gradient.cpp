// Sums of gradients, and weights as floats.
#include <algorithm>

#include "models/float_twin/float_twin.hpp"

namespace crucible::models {

NetworkGradient::NetworkGradient(const QuantisedNetwork& network) {
  for (const QuantisedLayer& layer : network.layers) {
    weights.emplace_back(layer.weights.size(), 0.0F);
    bias.emplace_back(layer.bias.size(), 0.0F);
  }
}

void NetworkGradient::set_zero() {
  for (auto& layer : weights) std::fill(layer.begin(), layer.end(), 0.0F);
  for (auto& layer : bias) std::fill(layer.begin(), layer.end(), 0.0F);
}

void NetworkGradient::add(const NetworkGradient& other) {
  const auto add_all = [](std::vector<float>& to, const std::vector<float>& from) {
    for (size_t i = 0; i < to.size(); ++i) to[i] += from[i];
  };
  for (size_t layer = 0; layer < weights.size(); ++layer) {
    add_all(weights[layer], other.weights[layer]);
    add_all(bias[layer], other.bias[layer]);
  }
}

WeightDelta float_weights(const QuantisedNetwork& network, const WeightDelta& delta) {
  WeightDelta weights;
  for (size_t layer = 0; layer < network.layers.size(); ++layer) {
    const auto& q = network.layers[layer].weights;
    weights.emplace_back(q.begin(), q.end());
    if (delta.empty()) continue;
    for (size_t i = 0; i < q.size(); ++i) weights.back()[i] += delta[layer][i];
  }
  return weights;
}

}  // namespace crucible::models
