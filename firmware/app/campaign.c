#include "firmware/app/campaign.h"

#include "firmware/app/score.h"
#include "firmware/hal/hal.h"
#include "spec/gen/crucible_spec.h"

uint32_t fw_count(const struct fw_state* state, struct fw_call* call) {
  struct fw_runner runner;
  fw_start_runner(&runner, &state->device, &state->network);
  const uint32_t cycles = hal_read(CRUCIBLE_REG_CORE_CYCLES);
  const uint32_t waited = hal_read(CRUCIBLE_REG_WAIT_CYCLES);
  uint32_t done = 0;
  call->result[0] = state->kept.count;
  call->result[3] = fw_count_correct(state, &runner, &done);
  call->result[1] = hal_read(CRUCIBLE_REG_CORE_CYCLES) - cycles;
  call->result[2] = hal_read(CRUCIBLE_REG_WAIT_CYCLES) - waited;
  return fw_ran(&runner, call);
}

static uint32_t cells(const struct fw_device* device) {
  return device->banks * device->rows * 4 * device->outputs;
}

/* Each cell with all the draws and pulses that it may need. */
static uint32_t generation_budget(const struct fw_device* device) {
  const uint32_t pulses =
      (hal_read(CRUCIBLE_REG_VERIFY) & CRUCIBLE_VERIFY_PULSES_MASK) >> CRUCIBLE_VERIFY_PULSES_LSB;
  const uint64_t cycles = (uint64_t)cells(device) * 16 * (17 + pulses) + 100000;
  return cycles < UINT32_MAX ? (uint32_t)cycles : UINT32_MAX;
}

/* CHIPS seeds_at, chips, what, counts_at: a seed is two words, low first. */
uint32_t fw_chips(const struct fw_state* state, struct fw_call* call) {
  const uint32_t chips = call->argument[1], what = call->argument[2];
  if (!fw_argument(call, 1, 1, UINT32_MAX) ||
      !fw_argument(call, 2, 1, CRUCIBLE_GEN_START_OFFSETS_MASK | CRUCIBLE_GEN_START_STUCK_MASK) ||
      !fw_region(state, call, 0, (uint64_t)chips * 8, 4) ||
      !fw_region(state, call, 3, (uint64_t)chips * 4, 4))
    return FW_BAD_ARGUMENT;
  const uint32_t budget = generation_budget(&state->device);
  const uint32_t* seed = hal_memory(call->argument[0]);
  uint32_t* count = hal_memory(call->argument[3]);
  struct fw_runner runner;
  fw_start_runner(&runner, &state->device, &state->network);
  uint32_t done = 0;
  for (uint32_t chip = 0; chip < chips; ++chip, seed += 2) {
    hal_write(CRUCIBLE_REG_GEN_SEED_LO, seed[0]);
    hal_write(CRUCIBLE_REG_GEN_SEED_HI, seed[1]);
    hal_write(CRUCIBLE_REG_GEN_START, what);
    hal_wait_idle(budget);
    *count++ = fw_count_correct(state, &runner, &done);
  }
  call->result[0] = chips;
  return fw_ran(&runner, call);
}

/* Writes the offsets of a patch and leaves in it those that were there. `backwards` takes them from
 * the last one on, so that a second call undoes a first one even where a cell is named twice. */
static void swap_patch(uint32_t* pokes, uint32_t count, bool backwards) {
  for (uint32_t i = 0; i < count; ++i) {
    uint32_t* poke = &pokes[backwards ? count - 1 - i : i];
    const uint32_t cell = *poke >> CRUCIBLE_CELL_POKE_CELL_LSB;
    const uint32_t word = hal_read(CRUCIBLE_WINDOW_OFFSET + (cell & ~3u));
    hal_write(CRUCIBLE_REG_CELL_POKE, *poke);
    *poke = cell << CRUCIBLE_CELL_POKE_CELL_LSB | (word >> 8 * (cell & 3u) & 0xFFu);
  }
}

/* The first of the patches, each a number of pokes and the pokes, that leaves the list or names a
 * cell that is not there; `patches` where all are legal and fill the list's words. */
static uint32_t first_illegal(const struct fw_state* state, const uint32_t* list, uint32_t words,
                              uint32_t patches) {
  uint32_t at = 0;
  for (uint32_t patch = 0; patch < patches; ++patch) {
    if (at >= words || list[at] > words - at - 1) return patch;
    for (uint32_t left = list[at++]; left > 0; --left)
      if (list[at++] >> CRUCIBLE_CELL_POKE_CELL_LSB >= cells(&state->device)) return patch;
  }
  return at == words ? patches : patches - 1;
}

/* PATCHES list_at, words, patches, keep, counts_at. keep 0: each patch is undone after its
 * evaluation; 1: one that gives fewer correct answers than all before it stays. */
uint32_t fw_patches(const struct fw_state* state, struct fw_call* call) {
  const uint32_t words = call->argument[1], patches = call->argument[2];
  const bool keep = call->argument[3] != 0;
  if (!fw_argument(call, 1, 1, UINT32_MAX) || !fw_argument(call, 2, 1, words) ||
      !fw_argument(call, 3, 0, 1) || !fw_region(state, call, 0, (uint64_t)words * 4, 4) ||
      !fw_region(state, call, 4, (uint64_t)patches * 4, 4))
    return FW_BAD_ARGUMENT;
  uint32_t* list = hal_memory(call->argument[0]);
  uint32_t* count = hal_memory(call->argument[4]);
  const uint32_t illegal = first_illegal(state, list, words, patches);
  if (illegal < patches) {
    call->result[0] = illegal;
    return FW_BAD_PATCH;
  }
  struct fw_runner runner;
  fw_start_runner(&runner, &state->device, &state->network);
  uint32_t done = 0, kept = 0;
  uint32_t best = keep ? fw_count_correct(state, &runner, &done) : 0;
  call->result[1] = best;
  for (uint32_t patch = 0; patch < patches; ++patch) {
    const uint32_t pokes = *list++;
    swap_patch(list, pokes, false);
    const uint32_t correct = fw_count_correct(state, &runner, &done);
    *count++ = correct;
    if (keep && correct < best) {
      best = correct;
      ++kept;
    } else {
      swap_patch(list, pokes, true);
    }
    list += pokes;
  }
  call->result[0] = patches;
  call->result[2] = best;
  call->result[3] = kept;
  return fw_ran(&runner, call);
}
