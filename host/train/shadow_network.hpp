// The real-valued weights behind a quantised network in training, and Adam on them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/float_twin/float_twin.hpp"
#include "models/network/network.hpp"

namespace crucible::train {

/// Weights and biases in real units. The quantised network that they stand for: per layer, w_scale
/// is the largest |weight| / 15, so w_max is 15 LSB.
class ShadowNetwork {
 public:
  static constexpr int kMagnitude = 15;  ///< largest |weight| of every layer, in LSB

  /// Weights uniform with He's variance, biases zero.
  ShadowNetwork(std::string name, const std::vector<models::LayerShape>& shapes, uint64_t seed);

  /// One step of Adam with decoupled weight decay. `gradient` belongs to quantised() as it is,
  /// summed over 1 / mean_factor images.
  void step(const models::NetworkGradient& gradient, double mean_factor, double learning_rate,
            double weight_decay);

  /// The network with its weights rounded and the activation scales as last set.
  [[nodiscard]] const models::QuantisedNetwork& quantised() const { return network_; }
  /// In weight LSB, not rounded.
  [[nodiscard]] const models::WeightDelta& unrounded() const { return unrounded_; }
  /// maxima: largest output of each hidden layer, in codes of the present scales; it becomes code
  /// 255.
  void set_activation_maxima(const std::vector<float>& maxima);

 private:
  struct Parameters {
    std::vector<float> value, first, second;  // with Adam's moments
  };
  static void adam(Parameters& parameters, const std::vector<float>& gradient, double factor,
                   double rate, double decay, double correction1, double correction2);
  void quantise();

  models::QuantisedNetwork network_;
  models::WeightDelta unrounded_;
  std::vector<Parameters> weights_, biases_;
  int steps_ = 0;
};

}  // namespace crucible::train
