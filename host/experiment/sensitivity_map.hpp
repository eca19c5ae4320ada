// Where a network is sensitive: boxes in which one layer moves, and first-order maps over cells and
// banks.
#pragma once

#include <vector>

#include "models/mapping/placement.hpp"
#include "models/variation/weight_box.hpp"

namespace crucible::experiment {

/// The same box with every other layer's intervals empty (0 .. 0).
[[nodiscard]] models::WeightBox only_layer(models::WeightBox box, size_t layer);

/// Of one layer's cells, [fan_in][4 * out_channels]: physical columns 4 o + 0 .. 3 of output o
/// (positive slices 0 and 1, negative slices 0 and 1).
struct CellMap {
  int rows = 0, cols = 0;
  std::vector<double> values;
  [[nodiscard]] double total() const;
  [[nodiscard]] double largest() const;
};

/// |gradient| * half interval for every cell: how far the loss moves, to first order, when the cell
/// moves from the middle of its interval to its end. gradient: dLoss / dw per weight LSB
/// [out_channels * fan_in] of the layer; a cell of slice s is worth 4^s weight LSB a level. The
/// interval is that of the box, rails included (models::slice_offsets).
[[nodiscard]] CellMap cell_sensitivity(const models::QuantisedNetwork& network,
                                       const models::WeightBox& box, size_t layer,
                                       const std::vector<float>& gradient);

/// Sum over the cells of one bank.
[[nodiscard]] double bank_sum(const CellMap& map, const models::BankPlacement& bank);

}  // namespace crucible::experiment
