#include "firmware/app/cell_moves.h"

static int32_t least(int32_t a, int32_t b) { return a < b ? a : b; }
static int32_t most(int32_t a, int32_t b) { return a > b ? a : b; }

/* The negative cells of a negative weight have its levels; of a zero weight the positive ones are
 * the active cells. */
static bool is_negative(uint32_t levels) { return (levels & 0xF0u) != 0; }

static int32_t active_level(uint32_t levels, uint32_t slice) {
  return (int32_t)((is_negative(levels) ? levels >> 4 : levels) >> 2 * slice & 3u);
}

/* Of one cell, rails included. */
static struct fw_range cell_range(const struct fw_rules* rules, uint32_t slice, int32_t level) {
  const int32_t base = (int32_t)(rules->base << (rules->lsb_exp - 8));
  const int32_t target = base + (int32_t)((uint32_t)level << rules->lsb_exp);
  const int32_t rail = 2 * base + (int32_t)(3u << rules->lsb_exp);
  return (struct fw_range){-least(rules->steps[slice], target),
                           least(rules->steps[slice], rail - target)};
}

/* Of active minus idle of one slice. */
static struct fw_range slice_range(const struct fw_rules* rules, uint32_t slice, int32_t level) {
  const struct fw_range active = cell_range(rules, slice, level);
  if (!rules->idle) return active;
  const struct fw_range idle = cell_range(rules, slice, 0);
  const struct fw_range pair = {active.lo - idle.hi, active.hi - idle.lo};
  if (!rules->spill) return pair;
  return (struct fw_range){most(pair.lo, -rules->steps[slice]),
                           least(pair.hi, rules->steps[slice])};
}

struct fw_range fw_weight_range(const struct fw_rules* rules, uint32_t levels) {
  const struct fw_range low = slice_range(rules, 0, active_level(levels, 0));
  const struct fw_range high = slice_range(rules, 1, active_level(levels, 1));
  const struct fw_range of_magnitude = {low.lo + 4 * high.lo, low.hi + 4 * high.hi};
  if (is_negative(levels)) return (struct fw_range){-of_magnitude.hi, -of_magnitude.lo};
  return of_magnitude;
}

int32_t fw_weight_change(uint32_t offsets) {
  int32_t cell[4];
  for (uint32_t i = 0; i < 4; ++i) cell[i] = (int8_t)(offsets >> 8 * i & 0xFFu);
  return cell[0] - cell[2] + 4 * (cell[1] - cell[3]);
}

/* One slice's change as {active, idle}. */
static void split(const struct fw_rules* rules, uint32_t slice, int32_t level, int32_t change,
                  int32_t* active, int32_t* idle) {
  if (!rules->idle) {
    *active = change;
    *idle = 0;
    return;
  }
  const struct fw_range of_active = cell_range(rules, slice, level);
  const struct fw_range of_idle = cell_range(rules, slice, 0);
  const struct fw_range possible = {most(of_active.lo, change + of_idle.lo),
                                    least(of_active.hi, change + of_idle.hi)};
  *active = fw_clamp(rules->spill ? change : change / 2, possible);
  *idle = *active - change;
}

/* n / 5 to the nearest integer. */
static int32_t nearest_fifth(int32_t n) { return n >= 0 ? (n + 2) / 5 : -((2 - n) / 5); }
/* n / 4, rounded down. */
static int32_t floor_quarter(int32_t n) { return n >= 0 ? n / 4 : -((3 - n) / 4); }

uint32_t fw_weight_offsets(const struct fw_rules* rules, uint32_t levels, int32_t change) {
  const bool negative = is_negative(levels);
  if (negative) change = -change;
  const struct fw_range low = slice_range(rules, 0, active_level(levels, 0));
  const struct fw_range high = slice_range(rules, 1, active_level(levels, 1));
  /* The upper slice may be anything that leaves the lower one a move within its range. */
  const struct fw_range upper = {most(high.lo, floor_quarter(change - low.hi + 3)),
                                 least(high.hi, floor_quarter(change - low.lo))};
  int32_t slice[2];
  slice[1] = fw_clamp(nearest_fifth(change), upper);
  slice[0] = change - 4 * slice[1];
  uint32_t offsets = 0;
  for (uint32_t s = 0; s < 2; ++s) {
    int32_t active, idle;
    split(rules, s, active_level(levels, s), slice[s], &active, &idle);
    const int32_t positive = negative ? idle : active, other = negative ? active : idle;
    offsets |= (uint32_t)(uint8_t)positive << 8 * s | (uint32_t)(uint8_t)other << (16 + 8 * s);
  }
  return offsets;
}
