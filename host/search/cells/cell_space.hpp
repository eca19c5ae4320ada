// A box cell by cell: the second mode's coordinates are integer offsets of physical cells, not
// changes of weights.
#pragma once

#include <cstdint>
#include <vector>

#include "host/base/random.hpp"
#include "host/search/search_space.hpp"
#include "models/variation/chip_box.hpp"

namespace crucible::search {

/// One cell's move to another offset.
struct CellMove {
  uint32_t cell = 0;  ///< of CellSpace::cells()
  int8_t target = 0;
  float gain = 0.0F;  ///< first-order fall of the loss
};

/// Which targets a cell is offered beside its walls and no change.
enum class Targets { kWalls, kWallsAndNeighbours };

class CellSpace {
 public:
  /// Borrows all but `compiled`'s cells.
  CellSpace(const models::QuantisedNetwork& network, const models::CompiledNetwork& compiled,
            const models::WeightBox& box);

  [[nodiscard]] const std::vector<models::BoxCell>& cells() const { return cells_; }
  /// Offsets realising a change of the weights.
  [[nodiscard]] models::ChipOffsets no_change() const {
    return models::ChipOffsets(compiled_.geometry.cells(), 0);
  }
  [[nodiscard]] models::ChipOffsets realised(const models::WeightDelta& delta) const;
  /// The change of the weights where slices are linear: what the float twin sees of offsets.
  [[nodiscard]] models::WeightDelta weight_change(const models::ChipOffsets& offsets) const;
  /// Every cell at one of its walls or where it was programmed, at random.
  [[nodiscard]] models::ChipOffsets random_corner(CounterRandom& random) const;
  /// A few cells moved to a wall, or back to no change.
  void kick(models::ChipOffsets& offsets, size_t count, CounterRandom& random) const;
  /// All moves from `offsets`, best first by a gradient per weight LSB: a cell's is that of its
  /// weight times its significance. Equal ones in the order of the cells.
  [[nodiscard]] std::vector<CellMove> ranked_moves(const models::ChipOffsets& offsets,
                                                   const models::WeightDelta& gradient,
                                                   Targets targets) const;
  void apply(const CellMove& move, models::ChipOffsets& offsets) const {
    offsets[cells_[move.cell].index] = move.target;
  }

 private:
  const models::QuantisedNetwork& network_;
  const models::CompiledNetwork& compiled_;
  const models::WeightBox& box_;
  std::vector<models::BoxCell> cells_;
};

}  // namespace crucible::search
