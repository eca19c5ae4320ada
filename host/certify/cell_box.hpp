// The box of a layer as its cells see it: for every cell the interval of conductances that a chip
// of the box may have, and for every weight the interval of what its four cells add up to. See
// docs/certify.md, "The box".
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/network/compiled_network.hpp"
#include "models/variation/slice_range.hpp"
#include "models/variation/weight_box.hpp"

namespace crucible::certify {

/// Layers that vary; an empty one means all of them.
using LayerMask = std::vector<bool>;

/// Rows of one bank: they share their ADCs.
struct RowBlock {
  int first_input = 0;
  int inputs = 0;
};

/// One layer. Columns and outputs are padded with zeros to whole vectors of kLanes.
struct LayerBox {
  static constexpr int kLanes = 16;

  bool varies = false;
  int fan_in = 0;
  int outputs = 0;
  int column_stride = 0;  ///< 4 * outputs, padded; column 4 o + j as in docs/numerics.md
  int output_stride = 0;
  std::vector<RowBlock> blocks;
  /// Conductances in LSB of 2^-lsb_exp level, [fan_in][column_stride].
  std::vector<int32_t> conductance_low, conductance_high;
  /// Signed sum over the four cells, slices weighted, in the same LSB, [fan_in][output_stride].
  std::vector<int32_t> weight_low, weight_high;
  std::vector<int8_t> nominal;  ///< the weights themselves, -15 .. 15, [fan_in][outputs]
  /// ADC offset of each column in the same LSB, [column_stride].
  std::vector<int32_t> adc_offset;

  [[nodiscard]] int weight(int input, int output) const {
    return nominal[static_cast<size_t>(input) * outputs + output];
  }
  [[nodiscard]] const int32_t* weights_low(int input) const {
    return weight_low.data() + static_cast<size_t>(input) * output_stride;
  }
  [[nodiscard]] const int32_t* weights_high(int input) const {
    return weight_high.data() + static_cast<size_t>(input) * output_stride;
  }
};

/// `compiled` has injection on with the box's grid and base. Throws crucible::Error(kUsage) where
/// network, compiled network, box and mask do not belong together.
void check_box(const models::QuantisedNetwork& network, const models::CompiledNetwork& compiled,
               const models::WeightBox& box, const LayerMask& mask);

[[nodiscard]] LayerBox make_layer_box(const models::QuantisedNetwork& network,
                                      const models::CompiledNetwork& compiled,
                                      const models::WeightBox& box, size_t layer, bool varies);

/// Whether certificates speak of a chip: every cell within its interval, no pair beyond its budget,
/// and no cell moved outside the layers of the mask. All that models::realise() gives is inside.
[[nodiscard]] bool contains(const models::QuantisedNetwork& network,
                            const models::CompiledNetwork& compiled, const models::WeightBox& box,
                            const LayerMask& mask, const models::ChipOffsets& offsets);

}  // namespace crucible::certify
