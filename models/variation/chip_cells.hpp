// Where the cells of each weight lie on a tile.
#pragma once

#include <array>

#include "models/error.hpp"
#include "models/network/compiled_network.hpp"
#include "models/variation/slice_range.hpp"

namespace crucible::models {

/// Indices into arrays [banks][rows][cols]; of a zero weight the positive cells are the active
/// ones.
struct WeightCells {
  std::array<size_t, kSlices> active{};
  std::array<size_t, kSlices> idle{};
};

/// Throws crucible::Error(kUsage) unless `compiled` has the layers of `network`.
inline void check_same_network(const QuantisedNetwork& network, const CompiledNetwork& compiled) {
  bool same = network.layers.size() == compiled.layers.size();
  for (size_t l = 0; same && l < network.layers.size(); ++l) {
    same = network.layers[l].weights.size() ==
           static_cast<size_t>(compiled.layers[l].shape.weight_count());
  }
  if (!same) {
    throw Error(ErrorKind::kUsage, "variation: network '" + network.name +
                                       "' and compiled network '" + compiled.name +
                                       "' differ in their layers; compile the same network");
  }
}

/// Calls action(index, cells) for every weight of a layer, in order [out_channels][fan_in].
template <class Action>
void for_each_weight(const QuantisedNetwork& network, const CompiledNetwork& compiled, size_t layer,
                     Action&& action) {
  const QuantisedLayer& weights = network.layers[layer];
  const LayerPlacement& placement = compiled.layers[layer].placement;
  const int fan_in = weights.shape.fan_in();
  size_t index = 0;
  for (int o = 0; o < weights.shape.out_channels; ++o) {
    for (int i = 0; i < fan_in; ++i, ++index) {
      const size_t positive =
          cell_index(compiled.geometry, placement, o, i, 0, Polarity::kPositive);
      const size_t negative =
          cell_index(compiled.geometry, placement, o, i, 0, Polarity::kNegative);
      const bool swapped = weights.weights[index] < 0;
      const size_t active = swapped ? negative : positive;
      const size_t idle = swapped ? positive : negative;
      action(index, WeightCells{{active, active + 1}, {idle, idle + 1}});
    }
  }
}

}  // namespace crucible::models
