// Small random networks, boxes and images for the tests of the float twin, the search and the
// training, and a plain forward in double.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/float_twin/float_twin.hpp"
#include "models/network/network.hpp"
#include "models/variation/weight_box.hpp"

namespace crucible::test {

/// Weights -15 .. 15 with at least one 15 a layer, scales that keep activations near 100 codes.
[[nodiscard]] models::QuantisedNetwork random_network(const std::vector<models::LayerShape>& shapes,
                                                      uint64_t seed);
[[nodiscard]] models::LayerShape conv_shape(int in, int height, int width, int kernel, int pad,
                                            int out, bool pool);
[[nodiscard]] models::LayerShape dense_shape(int in, int out);
[[nodiscard]] std::vector<uint8_t> random_bytes(size_t count, uint64_t seed);

/// Every weight may change by lo .. hi LSB.
[[nodiscard]] models::WeightBox box_of(const models::QuantisedNetwork& network, float lo, float hi);

/// Logits of one image, straight from the definition, in double. weights in LSB.
[[nodiscard]] std::vector<double> plain_logits(const models::QuantisedNetwork& network,
                                               const models::WeightDelta& weights,
                                               std::span<const uint8_t> image,
                                               models::Activations activations);

/// What the unchanged network predicts: labels on which it is always right.
[[nodiscard]] std::vector<uint8_t> own_labels(const models::QuantisedNetwork& network,
                                              std::span<const uint8_t> images);

}  // namespace crucible::test
