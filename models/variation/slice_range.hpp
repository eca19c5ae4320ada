// One weight's four cells: how far each can move, and how a change of the weight is shared out
// among them. All moves are in offset LSB. See docs/variation.md, "From a weight to its cells".
#pragma once

#include <array>
#include <cstdint>

#include "models/tile/cell.hpp"
#include "models/variation/weight_box.hpp"

namespace crucible::models {

inline constexpr int kSliceSum = 5;  ///< sum over slices of 2^(K i) = 1 + 4
inline constexpr int kTopLevel = 3;  ///< 2^K - 1
/// Fewer steps leave gaps between the changes that two slices can add up to.
inline constexpr int kFewestSteps = 3;
inline constexpr int kMostSteps = 127;

/// Closed interval of integers.
struct Range {
  int32_t lo = 0, hi = 0;
  [[nodiscard]] int32_t clamp(int32_t value) const {
    return value < lo ? lo : value > hi ? hi : value;
  }
};

/// Which cells a box moves, and by how much.
struct MoveRules {
  CellScale scale;
  std::array<int32_t, kSlices> steps{};  ///< most that one cell of each slice moves
  bool idle = false;                     ///< the idle cells move
  bool spill = false;  ///< idle cells take only what a rail cuts off the active one; a pair moves
                       ///< at most `steps`
};
[[nodiscard]] MoveRules move_rules(const WeightBox& box, size_t layer);

/// Offsets of one weight's cells: [slice], active and idle polarity.
struct CellMoves {
  std::array<int32_t, kSlices> active{};
  std::array<int32_t, kSlices> idle{};
};

/// Range of a cell of a slice, of the given level, rails included.
[[nodiscard]] Range cell_range(const MoveRules& rules, int slice, int level);
/// Range of (active - idle) of one slice whose active cell has the given level.
[[nodiscard]] Range slice_range(const MoveRules& rules, int slice, int level);
/// Offsets that the cells of one slice of a weight may have.
struct SliceOffsets {
  Range active, idle;
};
/// Range of each cell of a slice whose active cell has the given level. In the pair realisation the
/// idle cell takes only what a rail cuts off the active one (share_out); every choice from the two
/// ranges then keeps the pair inside slice_range().
[[nodiscard]] SliceOffsets slice_offsets(const MoveRules& rules, int slice, int level);
/// Range of the change of |weight| (active minus idle, slices weighted).
[[nodiscard]] Range magnitude_range(const MoveRules& rules, int magnitude);
/// Moves whose weighted sum is exactly `change`, which must lie in magnitude_range().
[[nodiscard]] CellMoves share_out(const MoveRules& rules, int magnitude, int32_t change);

/// Level of a slice of a magnitude 0 .. 15.
[[nodiscard]] inline int slice_level(int magnitude, int slice) {
  return magnitude >> (2 * slice) & 3;
}

}  // namespace crucible::models
