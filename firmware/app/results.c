#include "firmware/app/results.h"

#include "firmware/hal/hal.h"
#include "spec/gen/crucible_spec.h"

#define OUTPUT_HI_FROM_LO (CRUCIBLE_WINDOW_OUTPUT_HI - CRUCIBLE_WINDOW_OUTPUT_LO)
#define LARGEST_SUM (((int64_t)1 << 45) - 1) /* requantisation takes signed 46 bits */

/* One channel of a column block: where its results lie, and where its activations go. */
struct channel {
  uint32_t at;       /* address of position 0, row block 0 in OUTPUT_LO */
  uint32_t position; /* bytes from one position to the next */
  uint32_t block;    /* bytes from one row block to the next */
  uint32_t row_blocks;
  bool high; /* OUTPUT_HI counts */
  uint32_t multiplier, shift;
  uint64_t half; /* 1 << (shift - 1) */
};

/* Sum over the row blocks of one position; 32 bits where the network block says that they suffice.
 */
static inline int32_t sum32(const struct channel* c, uint32_t at, bool single) {
  int32_t sum = (int32_t)hal_read(at);
  if (single) return sum;
  for (uint32_t left = c->row_blocks; left > 1; --left) {
    at += c->block;
    sum += (int32_t)hal_read(at);
  }
  return sum;
}

static int64_t sum64(const struct channel* c, uint32_t at) {
  int64_t sum = 0;
  for (uint32_t left = c->row_blocks; left > 0; --left, at += c->block) {
    const uint32_t low = hal_read(at);
    sum += c->high ? (int64_t)(low | (uint64_t)hal_read(at + OUTPUT_HI_FROM_LO) << 32)
                   : (int64_t)(int32_t)low;
  }
  return sum;
}

static inline uint8_t clamp_code(uint64_t y) { return y > 255 ? 255 : (uint8_t)y; }

static inline uint8_t requantise32(const struct channel* c, int32_t v) {
  if (v <= 0) return 0; /* ReLU; rounding lifts no v <= 0 to 1 */
  return clamp_code(((uint64_t)(uint32_t)v * c->multiplier + c->half) >> c->shift);
}

static uint8_t requantise64(const struct channel* c, int64_t v) {
  if (v <= 0) return 0;
  const uint64_t limited = (uint64_t)(v < LARGEST_SUM ? v : LARGEST_SUM);
  return clamp_code((limited * c->multiplier + c->half) >> c->shift);
}

static inline int32_t max32(int32_t a, int32_t b) { return a > b ? a : b; }
static inline int64_t max64(int64_t a, int64_t b) { return a > b ? a : b; }

/* Requantisation is monotone: pooling the sums first gives the same activations. */
static inline __attribute__((always_inline)) void channel32(const struct channel* c, int32_t bias,
                                                            uint32_t width, uint32_t rows,
                                                            uint32_t columns, uint8_t* out,
                                                            uint32_t out_line, bool single,
                                                            bool pool) {
  const uint32_t line = c->position * width;
  uint32_t from = c->at;
  for (; rows > 0; --rows) {
    uint32_t at = from;
    uint8_t* y = out;
    for (uint32_t left = columns; left > 0; --left) {
      int32_t v = sum32(c, at, single);
      if (pool) {
        v = max32(v, sum32(c, at + line, single));
        at += c->position;
        v = max32(v, sum32(c, at, single));
        v = max32(v, sum32(c, at + line, single));
      }
      at += c->position;
      *y++ = requantise32(c, v + bias);
    }
    from += pool ? 2 * line : line;
    out += out_line;
  }
}

static void channel64(const struct channel* c, int64_t bias, uint32_t width, uint32_t rows,
                      uint32_t columns, uint8_t* out, uint32_t out_line, bool pool) {
  const uint32_t line = c->position * width, step = pool ? 2 : 1;
  for (uint32_t row = 0; row < rows; ++row) {
    for (uint32_t column = 0; column < columns; ++column) {
      const uint32_t at = c->at + step * (row * line + column * c->position);
      int64_t v = sum64(c, at);
      if (pool)
        v = max64(max64(v, sum64(c, at + c->position)),
                  max64(sum64(c, at + line), sum64(c, at + line + c->position)));
      out[row * out_line + column] = requantise64(c, v + bias);
    }
  }
}

static void narrow_channel(const struct channel* c, int32_t bias, uint32_t width, uint32_t rows,
                           uint32_t columns, uint8_t* out, uint32_t out_line, bool pool) {
  if (c->row_blocks == 1) {
    if (pool)
      channel32(c, bias, width, rows, columns, out, out_line, true, true);
    else
      channel32(c, bias, width, rows, columns, out, out_line, true, false);
  } else {
    if (pool)
      channel32(c, bias, width, rows, columns, out, out_line, false, true);
    else
      channel32(c, bias, width, rows, columns, out, out_line, false, false);
  }
}

/* Goes through all outputs of a layer: `c` is at the first one, of which there are `positions`
 * results. Returns the outputs that are in the same column block. */
static uint32_t block_outputs(const struct fw_plan* plan, uint32_t first) {
  return fw_min(plan->layer->block_outputs, plan->layer->out_channels - first);
}

static void enter_block(const struct fw_plan* plan, struct channel* c, uint32_t at,
                        uint32_t outputs, uint32_t positions) {
  c->at = at;
  c->position = 4 * outputs;
  c->block = 4 * outputs * positions;
  c->row_blocks = plan->layer->row_blocks;
  c->high = (plan->layer->adc & CRUCIBLE_ADC_TRANSPARENT_MASK) != 0;
}

void fw_requantise_lines(const struct fw_plan* plan, uint32_t lines, uint8_t* out,
                         uint32_t out_line, uint32_t out_plane) {
  const struct fw_layer* layer = plan->layer;
  const bool pool = layer->pool != 0;
  const uint32_t rows = pool ? lines / 2 : lines;
  const uint32_t columns = pool ? plan->conv_width / 2 : plan->conv_width;
  struct channel c = {.multiplier = layer->multiplier,
                      .shift = layer->shift,
                      .half = (uint64_t)1 << (layer->shift - 1)};
  uint32_t at = CRUCIBLE_WINDOW_OUTPUT_LO;
  for (uint32_t first = 0; first < layer->out_channels;) {
    const uint32_t outputs = block_outputs(plan, first);
    enter_block(plan, &c, at, outputs, lines * plan->conv_width);
    at += c.block * c.row_blocks;
    for (uint32_t o = 0; o < outputs; ++o, ++first, c.at += 4, out += out_plane) {
      if (layer->wide != 0)
        channel64(&c, fw_bias(plan, first), plan->conv_width, rows, columns, out, out_line, pool);
      else
        narrow_channel(&c, (int32_t)plan->bias[first], plan->conv_width, rows, columns, out,
                       out_line, pool);
    }
  }
}

void fw_store_logits(const struct fw_plan* plan, uint32_t* logits) {
  const struct fw_layer* layer = plan->layer;
  struct channel c = {0};
  uint32_t at = CRUCIBLE_WINDOW_OUTPUT_LO;
  for (uint32_t first = 0; first < layer->out_channels;) {
    const uint32_t outputs = block_outputs(plan, first);
    enter_block(plan, &c, at, outputs, 1);
    at += c.block * c.row_blocks;
    for (uint32_t o = 0; o < outputs; ++o, ++first, c.at += 4) {
      const int64_t logit = sum64(&c, c.at) + fw_bias(plan, first);
      *logits++ = (uint32_t)logit;
      if (layer->wide != 0) *logits++ = (uint32_t)((uint64_t)logit >> 32);
    }
  }
}

uint32_t fw_predicted_class(const struct fw_network* network, const uint32_t* logits) {
  const uint32_t words = fw_logit_words(network);
  uint32_t best = 0;
  for (uint32_t c = 1; c < network->classes; ++c)
    if (fw_logit(logits, words, c) > fw_logit(logits, words, best)) best = c;
  return best;
}
