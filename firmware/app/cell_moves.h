/* One weight's four cells: how far they can move, and how a change of the weight is shared out
 * among them. The same integers as models/variation/slice_range.hpp; docs/variation.md, "From a
 * weight to its cells". */
#ifndef CRUCIBLE_FIRMWARE_CELL_MOVES_H_
#define CRUCIBLE_FIRMWARE_CELL_MOVES_H_

#include <stdbool.h>
#include <stdint.h>

struct fw_rules {
  int32_t steps[2]; /* most that a cell of each slice moves, offset LSB */
  bool idle, spill;
  uint32_t lsb_exp, base; /* registers INJECT, BASE */
};

struct fw_range {
  int32_t lo, hi;
};

/* `levels`: 2 bits a cell, in the order of the columns: slices 0 and 1 of the positive polarity,
 * then of the negative one. `offsets`: a byte a cell in the same order. A change is one of the
 * weight (positive minus negative, slices weighted by 1 and 4), offset LSB. */
struct fw_range fw_weight_range(const struct fw_rules* rules, uint32_t levels);
int32_t fw_weight_change(uint32_t offsets);
/* Offsets that make a change of fw_weight_range(). */
uint32_t fw_weight_offsets(const struct fw_rules* rules, uint32_t levels, int32_t change);

static inline int32_t fw_clamp(int32_t value, struct fw_range range) {
  return value < range.lo ? range.lo : value > range.hi ? range.hi : value;
}

#endif /* CRUCIBLE_FIRMWARE_CELL_MOVES_H_ */
