// See slice_range.hpp.
#include "models/variation/slice_range.hpp"

#include <algorithm>

namespace crucible::models {
namespace {

/// Integer division rounding down and up; the divisor is 4.
int32_t floor_quarter(int32_t n) { return n >> 2; }
int32_t ceil_quarter(int32_t n) { return (n + 3) >> 2; }

/// n / 5 rounded to the nearest integer; there are no ties.
int32_t nearest_fifth(int32_t n) { return n >= 0 ? (n + 2) / kSliceSum : -((2 - n) / kSliceSum); }

/// Splits one slice's change between the pair: (active, idle).
void split(const MoveRules& rules, int slice, int level, int32_t change, int32_t& active,
           int32_t& idle) {
  const Range active_range = cell_range(rules, slice, level);
  if (!rules.idle) {
    active = change;
    idle = 0;
    return;
  }
  const Range idle_range = cell_range(rules, slice, 0);
  // With spilling the active cell takes all it can; otherwise each takes half.
  const int32_t wish = rules.spill ? change : change / 2;
  const Range possible{std::max(active_range.lo, change + idle_range.lo),
                       std::min(active_range.hi, change + idle_range.hi)};
  active = possible.clamp(wish);
  idle = active - change;
}

}  // namespace

MoveRules move_rules(const WeightBox& box, size_t layer) {
  MoveRules rules;
  rules.scale = CellScale{box.grid.lsb_exp, box.base};
  rules.steps.fill(box.grid.steps.at(layer));
  if (!box.grid.slice_steps.empty()) {
    const auto& steps = box.grid.slice_steps.at(layer);
    std::copy(steps.begin(), steps.end(), rules.steps.begin());
  }
  if (box.bound.convention() == BoundConvention::kWeightFraction) {
    rules.spill = rules.idle = box.realisation == Realisation::kPair;
  } else {
    rules.idle = box.bound.idle() == IdleDevice::kDrifts;
  }
  return rules;
}

Range cell_range(const MoveRules& rules, int slice, int level) {
  const int32_t steps = rules.steps.at(static_cast<size_t>(slice));
  return {-std::min(steps, rules.scale.room_down(level)),
          std::min(steps, rules.scale.room_up(level))};
}

Range slice_range(const MoveRules& rules, int slice, int level) {
  const Range active = cell_range(rules, slice, level);
  if (!rules.idle) return active;
  const Range idle = cell_range(rules, slice, 0);
  const Range pair{active.lo - idle.hi, active.hi - idle.lo};
  if (!rules.spill) return pair;
  const int32_t steps = rules.steps.at(static_cast<size_t>(slice));
  return {std::max(pair.lo, -steps), std::min(pair.hi, steps)};
}

SliceOffsets slice_offsets(const MoveRules& rules, int slice, int level) {
  SliceOffsets offsets;
  offsets.active = cell_range(rules, slice, level);
  if (!rules.idle) return offsets;
  if (!rules.spill) {
    offsets.idle = cell_range(rules, slice, 0);
    return offsets;
  }
  // A change e of the slice puts clamp(e) on the active cell and clamp(e) - e on the idle one.
  const Range pair = slice_range(rules, slice, level);
  offsets.idle = {std::min(0, offsets.active.hi - pair.hi),
                  std::max(0, offsets.active.lo - pair.lo)};
  return offsets;
}

Range magnitude_range(const MoveRules& rules, int magnitude) {
  const Range low = slice_range(rules, 0, slice_level(magnitude, 0));
  const Range high = slice_range(rules, 1, slice_level(magnitude, 1));
  return {low.lo + 4 * high.lo, low.hi + 4 * high.hi};
}

CellMoves share_out(const MoveRules& rules, int magnitude, int32_t change) {
  const Range low = slice_range(rules, 0, slice_level(magnitude, 0));
  const Range high = slice_range(rules, 1, slice_level(magnitude, 1));
  // The upper slice may be anything that leaves the lower one a move within its range.
  const Range upper{std::max(high.lo, ceil_quarter(change - low.hi)),
                    std::min(high.hi, floor_quarter(change - low.lo))};
  std::array<int32_t, kSlices> slice{};
  slice[1] = upper.clamp(nearest_fifth(change));
  slice[0] = change - 4 * slice[1];
  CellMoves moves;
  for (int i = 0; i < kSlices; ++i) {
    split(rules, i, slice_level(magnitude, i), slice[i], moves.active[i], moves.idle[i]);
  }
  return moves;
}

}  // namespace crucible::models
