#include "host/train/worst_weights.hpp"

#include <algorithm>

#include "host/train/shadow_network.hpp"

namespace crucible::train {

WorstWeights::WorstWeights(const models::QuantisedNetwork& network, double bound, int steps)
    : bound_lsb_(bound * ShadowNetwork::kMagnitude), steps_(steps), gradient_(network) {
  for (const models::QuantisedLayer& layer : network.layers)
    delta_.emplace_back(layer.weights.size());
}

const models::WeightDelta& WorstWeights::perturb(int, double strength,
                                                 const GradientAt& gradient_at) {
  const auto bound = static_cast<float>(bound_lsb_ * strength);
  const float length = bound * 2 / static_cast<float>(steps_ + 1);
  for (auto& layer : delta_) std::fill(layer.begin(), layer.end(), 0.0F);
  for (int s = 0; s < steps_; ++s) {
    gradient_at(delta_, gradient_);
    for (size_t l = 0; l < delta_.size(); ++l) {
      const std::vector<float>& slope = gradient_.weights[l];
      for (size_t i = 0; i < slope.size(); ++i) {
        const float move = slope[i] > 0 ? length : slope[i] < 0 ? -length : 0.0F;
        delta_[l][i] = std::clamp(delta_[l][i] + move, -bound, bound);
      }
    }
  }
  return delta_;
}

}  // namespace crucible::train
