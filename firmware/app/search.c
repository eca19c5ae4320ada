#include "firmware/app/search.h"

#include "firmware/app/cell_moves.h"
#include "firmware/app/philox.h"
#include "firmware/app/score.h"
#include "firmware/hal/hal.h"
#include "firmware/interface/search.h"
#include "spec/gen/crucible_spec.h"

/* The point of the search is the tile's offsets; here is only what undoes the last move. */
struct search {
  const struct fw_state* state;
  const struct fw_search* wanted;
  const struct fw_reach* reach; /* of every layer */
  struct fw_runner runner;
  uint32_t lsb_exp, base;
  int64_t clip;
  uint32_t* saved; /* offsets of the weights that moved, in order */
  uint32_t saves;
  uint32_t* counts; /* correct answers of every measurement */
  uint32_t measured, done, accepted;
  struct fw_score here;
};

/* Consecutive weights of a layer: inputs of one output, and of the next where it is longer. */
struct block {
  uint32_t layer, first, count;
};

/* SPSA: blocks of a direction, and the measurements of a step. Lengths are in 1/256 of half a
 * weight's range. */
#define BLOCKS 4u
#define SPSA_COST 3u
#define FIRST_LENGTH 256
#define LAST_LENGTH 64

static uint32_t weights_of(const struct fw_plan* plan) {
  return plan->layer->out_channels * plan->fan_in;
}

/* The first of a weight's four cells: its byte in OFFSET. */
static uint32_t cell_of(const struct search* s, const struct fw_plan* plan, uint32_t weight) {
  const struct fw_layer* layer = plan->layer;
  const uint32_t output = weight / plan->fan_in, input = weight % plan->fan_in;
  const uint32_t bank =
      plan->banks[input / layer->block_rows * layer->column_blocks + output / layer->block_outputs];
  const uint32_t row = bank * s->state->device.rows + input % layer->block_rows;
  return 4 * (row * s->state->device.outputs + output % layer->block_outputs);
}

/* A row takes whole words of LEVEL, 16 cells each. */
static uint32_t levels_at(const struct search* s, uint32_t cell) {
  const uint32_t cols = 4 * s->state->device.outputs, col = cell % cols;
  const uint32_t word = cell / cols * fw_max(1, cols / 16) + col / 16;
  return hal_read(CRUCIBLE_WINDOW_LEVEL + 4 * word) >> 2 * (col % 16) & 0xFFu;
}

static struct fw_rules rules_of(const struct search* s, uint32_t layer) {
  const struct fw_reach reach = s->reach[layer];
  return (struct fw_rules){{(int32_t)(reach.steps & 0xFFu), (int32_t)(reach.steps >> 8)},
                           (reach.rules & FW_REACH_IDLE) != 0,
                           (reach.rules & FW_REACH_SPILL) != 0,
                           s->lsb_exp,
                           s->base};
}

/* A layer, each alike likely, and a run of at most `size` and a quarter of its weights. */
static struct block random_block(const struct search* s, uint32_t size, struct fw_random* random) {
  const struct fw_network* network = &s->state->network;
  struct block block;
  block.layer = fw_draw_below(random, network->layers);
  const uint32_t weights = weights_of(&network->plan[block.layer]);
  block.count = fw_max(1, fw_min(size, weights / 4));
  block.first = fw_draw_below(random, weights - block.count + 1);
  return block;
}

static bool stands_at(const struct search* s, const struct block* block, bool up) {
  const struct fw_plan* plan = &s->state->network.plan[block->layer];
  const struct fw_rules rules = rules_of(s, block->layer);
  for (uint32_t i = 0; i < block->count; ++i) {
    const uint32_t cell = cell_of(s, plan, block->first + i);
    const struct fw_range range = fw_weight_range(&rules, levels_at(s, cell));
    if (fw_weight_change(hal_read(CRUCIBLE_WINDOW_OFFSET + cell)) != (up ? range.hi : range.lo))
      return false;
  }
  return true;
}

/* Moves every weight of the block by `length`, within its range; TO_WALL is far enough for any. */
#define TO_WALL 512
static void move(struct search* s, const struct block* block, int32_t length) {
  const struct fw_plan* plan = &s->state->network.plan[block->layer];
  const struct fw_rules rules = rules_of(s, block->layer);
  for (uint32_t i = 0; i < block->count; ++i) {
    const uint32_t cell = cell_of(s, plan, block->first + i), levels = levels_at(s, cell);
    const struct fw_range range = fw_weight_range(&rules, levels);
    const uint32_t offsets = hal_read(CRUCIBLE_WINDOW_OFFSET + cell);
    const int32_t change = fw_weight_change(offsets) + length * (range.hi - range.lo) / 512;
    s->saved[s->saves++] = offsets;
    hal_write(CRUCIBLE_WINDOW_OFFSET + cell,
              fw_weight_offsets(&rules, levels, fw_clamp(change, range)));
  }
}

/* Takes the blocks' last moves back, in the order in which they were made. */
static void undo(struct search* s, const struct block* blocks, uint32_t count) {
  while (count-- > 0) {
    const struct block* block = &blocks[count];
    const struct fw_plan* plan = &s->state->network.plan[block->layer];
    for (uint32_t i = block->count; i-- > 0;)
      hal_write(CRUCIBLE_WINDOW_OFFSET + cell_of(s, plan, block->first + i), s->saved[--s->saves]);
  }
}

static struct fw_score measure(struct search* s) {
  const struct fw_score score = fw_score_kept(s->state, &s->runner, s->clip, &s->done);
  s->counts[s->measured++] = score.correct;
  return score;
}

/* Fewer correct answers; among equals the smaller margins. */
static bool better(struct fw_score a, struct fw_score b) {
  return a.correct != b.correct ? a.correct < b.correct : a.margins < b.margins;
}

static void accept(struct search* s, struct fw_score score) {
  s->here = score;
  s->saves = 0;
  ++s->accepted;
}

/* One block to a wall, shrinking from the longest to single weights; equals are accepted. */
static void flip(struct search* s) {
  struct fw_random random = {{s->wanted->seed_lo, s->wanted->seed_hi}, s->measured, 0};
  uint32_t halvings = 0;
  while (s->wanted->weights >> halvings > 1) ++halvings;
  const uint32_t shift = (halvings + 1) * s->measured / s->wanted->measurements;
  const struct block block = random_block(s, fw_max(1, s->wanted->weights >> shift), &random);
  uint32_t high;
  bool up = (fw_draw(&random, &high) & 1u) != 0;
  if (stands_at(s, &block, up)) up = !up;
  move(s, &block, up ? TO_WALL : -TO_WALL);
  const struct fw_score score = measure(s);
  if (better(s->here, score))
    undo(s, &block, 1);
  else
    accept(s, score);
}

struct direction {
  struct block block[BLOCKS];
  int32_t sign[BLOCKS];
  uint32_t blocks;
};

static void move_along(struct search* s, const struct direction* d, int32_t length) {
  for (uint32_t b = 0; b < d->blocks; ++b) move(s, &d->block[b], d->sign[b] * length);
}

/* length * slope / (sum / steps), at most TO_WALL; slope <= sum. */
static int32_t step_length(int32_t length, uint64_t slope, uint64_t sum, uint32_t steps) {
  while (sum >> 32 != 0) {
    sum >>= 1;
    slope >>= 1;
  }
  const uint64_t by = (uint32_t)length * slope * steps / sum;
  return by < TO_WALL ? (int32_t)by : TO_WALL;
}

/* Both sides are measured from the same point, the better one is kept if it is better than the
 * point; then a step against the measured slope, kept if it is better still. `sum` is that of |L+ -
 * L-|. */
static void perturb(struct search* s, uint32_t step, uint64_t* sum) {
  struct fw_random random = {{s->wanted->seed_lo, s->wanted->seed_hi}, step, 0};
  struct direction d;
  d.blocks = fw_min(BLOCKS, s->wanted->weights);
  for (uint32_t b = 0; b < d.blocks; ++b) {
    uint32_t high;
    d.block[b] = random_block(s, s->wanted->weights / d.blocks, &random);
    d.sign[b] = (fw_draw(&random, &high) & 1u) != 0 ? 1 : -1;
  }
  const int32_t length = FIRST_LENGTH - (int32_t)((FIRST_LENGTH - LAST_LENGTH) * s->measured /
                                                  s->wanted->measurements);
  struct fw_score side[2];
  for (uint32_t i = 0; i < 2; ++i) {
    move_along(s, &d, i == 0 ? length : -length);
    side[i] = measure(s);
    undo(s, d.block, d.blocks);
  }
  const uint32_t lower = better(side[1], side[0]) ? 1 : 0;
  if (better(side[lower], s->here)) {
    move_along(s, &d, lower == 0 ? length : -length);
    accept(s, side[lower]);
  }
  const int64_t difference = side[0].margins - side[1].margins;
  if (difference == 0) return;
  const uint64_t slope = (uint64_t)(difference < 0 ? -difference : difference);
  *sum += slope;
  const int32_t by = step_length(length, slope, *sum, step + 1);
  move_along(s, &d, difference > 0 ? -by : by);
  const struct fw_score score = measure(s);
  if (better(score, s->here))
    accept(s, score);
  else
    undo(s, d.block, d.blocks);
}

static void run(struct search* s) {
  const uint32_t most = s->wanted->measurements;
  s->here = measure(s);
  uint64_t sum = 0;
  if (s->wanted->kind == FW_BLOCK_FLIP)
    while (s->measured < most && s->here.correct > 0 && !s->runner.engine_ended) flip(s);
  else
    for (uint32_t step = 0;
         s->measured + SPSA_COST <= most && s->here.correct > 0 && !s->runner.engine_ended; ++step)
      perturb(s, step, &sum);
}

static bool legal(struct fw_call* call, uint32_t word, uint32_t value, uint32_t least,
                  uint32_t most) {
  if (value >= least && value <= most) return true;
  call->result[0] = word;
  call->result[1] = value;
  call->result[2] = least;
  call->result[3] = most;
  return false;
}

static bool check(const struct fw_state* state, const struct fw_search* wanted,
                  const struct fw_reach* reach, struct fw_call* call) {
  if (!legal(call, 0, wanted->kind, FW_BLOCK_FLIP, FW_SPSA) ||
      !legal(call, 1, wanted->measurements, 1, FW_SEARCH_MOST) ||
      !legal(call, 5, wanted->clip_hi, 0, 255) ||
      !legal(call, 4, wanted->clip_lo, wanted->clip_hi == 0 ? 1 : 0, UINT32_MAX) ||
      !legal(call, 6, wanted->weights, 1, FW_SEARCH_MOST))
    return false;
  const uint32_t words = sizeof *wanted / 4;
  for (uint32_t l = 0; l < state->network.layers; ++l) {
    const uint32_t steps = reach[l].steps;
    if (!legal(call, words + 2 * l, steps & 0x8080u, 0, 0) ||
        !legal(call, words + 2 * l, steps, 0, 0x7F7F) ||
        !legal(call, words + 2 * l + 1, reach[l].rules, 0, FW_REACH_IDLE | FW_REACH_SPILL))
      return false;
  }
  return true;
}

/* SEARCH wanted_at, scratch_at, counts_at. */
uint32_t fw_search_worst(const struct fw_state* state, struct fw_call* call) {
  const struct fw_network* network = &state->network;
  const uint32_t words = sizeof(struct fw_search) / 4 + 2 * network->layers;
  if (!fw_region(state, call, 0, 4 * (uint64_t)words, 4)) return FW_BAD_ARGUMENT;
  struct search s = {0};
  s.state = state;
  s.wanted = hal_memory(call->argument[0]);
  s.reach = (const struct fw_reach*)(const void*)(s.wanted + 1);
  if (!check(state, s.wanted, s.reach, call)) return FW_BAD_SEARCH;
  if (!fw_region(state, call, 1, 4 * (uint64_t)s.wanted->weights, 4) ||
      !fw_region(state, call, 2, 4 * (uint64_t)s.wanted->measurements, 4))
    return FW_BAD_ARGUMENT;
  s.saved = hal_memory(call->argument[1]);
  s.counts = hal_memory(call->argument[2]);
  s.clip = (int64_t)((uint64_t)s.wanted->clip_hi << 32 | s.wanted->clip_lo);
  s.lsb_exp =
      (hal_read(CRUCIBLE_REG_INJECT) & CRUCIBLE_INJECT_LSB_EXP_MASK) >> CRUCIBLE_INJECT_LSB_EXP_LSB;
  s.base = hal_read(CRUCIBLE_REG_BASE) & CRUCIBLE_BASE_BASE_MASK;
  fw_start_runner(&s.runner, &state->device, network);
  run(&s);
  call->result[0] = s.measured;
  call->result[1] = s.counts[0];
  call->result[2] = s.here.correct;
  call->result[3] = s.accepted;
  return fw_ran(&s.runner, call);
}
