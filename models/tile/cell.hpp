// One cell: level, base, offset and rails. See docs/numerics.md, "One cell".
#pragma once

#include <algorithm>
#include <cstdint>

namespace crucible::models {

/// Room of a cell, in LSB of 2^-lsb_exp level. lsb_exp 8 .. 18, base 0 .. 255.
struct CellScale {
  int lsb_exp = 8;
  int base = 0;

  /// Conductance of level 0 above the lower rail.
  [[nodiscard]] int32_t base_lsb() const { return base << (lsb_exp - 8); }
  [[nodiscard]] int32_t upper_rail() const { return 2 * base_lsb() + (3 << lsb_exp); }
  /// Conductance of a level without any offset.
  [[nodiscard]] int32_t target(int level) const { return base_lsb() + (level << lsb_exp); }
  /// Conductance of a level with an offset, between the rails.
  [[nodiscard]] int32_t conductance(int level, int offset) const {
    return std::clamp(target(level) + offset, 0, upper_rail());
  }
  /// How far a cell of this level can go down and up before a rail stops it.
  [[nodiscard]] int32_t room_down(int level) const { return target(level); }
  [[nodiscard]] int32_t room_up(int level) const { return upper_rail() - target(level); }
};

}  // namespace crucible::models
