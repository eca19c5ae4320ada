// The box of a bound as the cells of a tile see it: an interval of integer offsets for each, rails
// included. Where slices are exchangeable it holds the same changes of the weights as the
// WeightBox; where they are not (saturating ADCs, rails, unequal tolerances), it says what each
// cell may do. See docs/variation.md, "From a weight to its cells".
#pragma once

#include <cstdint>
#include <vector>

#include "models/variation/weight_box.hpp"

namespace crucible::models {

/// One cell that may move.
struct BoxCell {
  uint32_t index = 0;       ///< in ChipOffsets
  uint32_t layer = 0;       ///< of the network
  uint32_t weight = 0;      ///< of the layer, [out_channels][fan_in]
  int8_t significance = 0;  ///< change of the weight, in LSB of the grid, for one offset LSB
  int8_t lo = 0, hi = 0;    ///< offsets; lo <= 0 <= hi, lo < hi
};

/// The cells that may move, in the order of layers, weights, slices, active before idle. Each may
/// be chosen by itself: every choice is a chip of the box (certify::contains()). Throws
/// crucible::Error(kUsage) unless `compiled` is the same network.
[[nodiscard]] std::vector<BoxCell> box_cells(const QuantisedNetwork& network,
                                             const CompiledNetwork& compiled, const WeightBox& box);

}  // namespace crucible::models
