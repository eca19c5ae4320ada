#include "host/train/shadow_network.hpp"

#include <algorithm>
#include <cmath>

#include "host/base/random.hpp"

namespace crucible::train {

namespace {

constexpr double kTopCode = 255;  // largest activation
constexpr float kNegligible =
    1e-30F;  // moments of weights without gradient must not fade into denormals, which are slow
constexpr double kBeta1 = 0.9, kBeta2 = 0.999, kEpsilon = 1e-8;

}  // namespace

ShadowNetwork::ShadowNetwork(std::string name, const std::vector<models::LayerShape>& shapes,
                             uint64_t seed) {
  network_.name = std::move(name);
  for (size_t l = 0; l < shapes.size(); ++l) {
    models::QuantisedLayer layer;
    layer.shape = shapes[l];
    layer.bias.resize(static_cast<size_t>(shapes[l].out_channels));
    layer.weights.resize(static_cast<size_t>(shapes[l].weight_count()));
    layer.x_scale = 1.0 / kTopCode;  // the images are 0 .. 1; activations start with the same unit
    Parameters weights;
    CounterRandom random(seed, l);
    const float most = std::sqrt(6.0F / static_cast<float>(shapes[l].fan_in()));
    for (size_t i = 0; i < layer.weights.size(); ++i)
      weights.value.push_back((2 * random.unit() - 1) * most);
    weights.first.resize(weights.value.size());
    weights.second.resize(weights.value.size());
    weights_.push_back(std::move(weights));
    const std::vector<float> zeros(layer.bias.size());
    biases_.push_back({zeros, zeros, zeros});
    unrounded_.emplace_back(layer.weights.size());
    network_.layers.push_back(std::move(layer));
  }
  quantise();
}

void ShadowNetwork::quantise() {
  for (size_t l = 0; l < weights_.size(); ++l) {
    models::QuantisedLayer& layer = network_.layers[l];
    const std::vector<float>& values = weights_[l].value;
    float most = 1e-6F;  // a layer of zeros keeps a scale
    for (const float w : values) most = std::max(most, std::abs(w));
    layer.w_scale = static_cast<double>(most) / kMagnitude;
    const auto lsb_per_unit = static_cast<float>(1.0 / layer.w_scale);
    for (size_t i = 0; i < values.size(); ++i) {
      unrounded_[l][i] = values[i] * lsb_per_unit;
      layer.weights[i] = static_cast<int8_t>(
          std::clamp<long>(std::lround(unrounded_[l][i]), -kMagnitude, kMagnitude));
    }
    layer.bias = biases_[l].value;
  }
}

void ShadowNetwork::adam(Parameters& parameters, const std::vector<float>& gradient, double factor,
                         double rate, double decay, double correction1, double correction2) {
  const auto f = static_cast<float>(factor);
  const auto step = static_cast<float>(rate / correction1);
  const auto root = static_cast<float>(1.0 / std::sqrt(correction2));
  const auto keep = static_cast<float>(1.0 - rate * decay);
  constexpr auto b1 = static_cast<float>(kBeta1), b2 = static_cast<float>(kBeta2);
  for (size_t i = 0; i < gradient.size(); ++i) {
    const float g = gradient[i] * f;
    float& m = parameters.first[i];
    float& v = parameters.second[i];
    m = b1 * m + (1 - b1) * g;
    m = std::abs(m) < kNegligible ? 0.0F : m;
    v = b2 * v + (1 - b2) * g * g;
    parameters.value[i] = parameters.value[i] * keep -
                          step * m / (std::sqrt(v) * root + static_cast<float>(kEpsilon));
  }
}

void ShadowNetwork::step(const models::NetworkGradient& gradient, double mean_factor,
                         double learning_rate, double weight_decay) {
  ++steps_;
  const double correction1 = 1 - std::pow(kBeta1, steps_);
  const double correction2 = 1 - std::pow(kBeta2, steps_);
  for (size_t l = 0; l < weights_.size(); ++l) {
    // A gradient per LSB is w_scale times the gradient per real unit.
    adam(weights_[l], gradient.weights[l], mean_factor / network_.layers[l].w_scale, learning_rate,
         weight_decay, correction1, correction2);
    adam(biases_[l], gradient.bias[l], mean_factor, learning_rate, 0.0, correction1, correction2);
  }
  quantise();
}

void ShadowNetwork::set_activation_maxima(const std::vector<float>& maxima) {
  for (size_t l = 0; l < maxima.size(); ++l) {
    double& scale = network_.layers[l + 1].x_scale;
    if (maxima[l] > 0) scale = scale * static_cast<double>(maxima[l]) / kTopCode;
  }
}

}  // namespace crucible::train
