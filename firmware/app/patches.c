#include "firmware/app/patches.h"

#include <string.h>

#include "firmware/hal/hal.h"
#include "spec/gen/crucible_spec.h"

void fw_pad_image(const struct fw_plan* plan, const uint8_t* image, uint8_t* in) {
  const struct fw_layer* layer = plan->layer;
  memset(in, 0, plan->in_bytes);
  for (uint32_t c = 0; c < layer->in_channels; ++c) {
    uint8_t* line = in + c * plan->plane + layer->pad * plan->line + layer->pad;
    for (uint32_t row = 0; row < layer->in_height; ++row, line += plan->line) {
      memcpy(line, image, layer->in_width);
      image += layer->in_width;
    }
  }
}

/* Bytes on their way into words of INPUT. */
struct packer {
  uint32_t to; /* address of the next word */
  uint32_t word, bits;
};

/* Appends the low `bits` bits (8 .. 32) of `bytes`, whose others are 0. */
static inline void append(struct packer* p, uint32_t bytes, uint32_t bits) {
  p->word |= bytes << p->bits;
  p->bits += bits;
  if (p->bits < 32) return;
  hal_write(p->to, p->word);
  p->to += 4;
  p->bits -= 32;
  p->word = p->bits != 0 ? bytes >> (bits - p->bits) : 0;
}

static inline void flush(struct packer* p) {
  if (p->bits != 0) {
    hal_write(p->to, p->word);
    p->to += 4;
  }
  p->word = p->bits = 0;
}

/* The 4 bytes from byte `shift` / 8 of the words on; `count` of them, zeros above. */
static inline uint32_t window(const uint32_t* words, uint32_t shift, uint32_t count) {
  uint32_t bytes = words[0] >> shift;
  if (shift + 8 * count > 32) bytes |= words[1] << (32 - shift);
  return count < 4 ? bytes & ((1u << (8 * count)) - 1) : bytes;
}

/* One position of any kernel. */
static void cut_position(const struct fw_plan* plan, const uint8_t* corner, uint32_t column,
                         struct packer* p) {
  const uint32_t kernel = plan->layer->kernel, shift = 8 * (column % 4);
  corner += column & ~3u;
  for (uint32_t c = plan->layer->in_channels; c > 0; --c, corner += plan->plane) {
    const uint8_t* line = corner;
    for (uint32_t row = kernel; row > 0; --row, line += plan->line) {
      const uint32_t* words = (const uint32_t*)(const void*)line;
      for (uint32_t left = kernel; left > 0; ++words) {
        const uint32_t count = fw_min(left, 4);
        append(p, window(words, shift, count), 8 * count);
        left -= count;
      }
    }
  }
  flush(p);
}

/* Kernels of 3 x 3 are the common case and have a path of their own. Four lines of a patch are 12
 * bytes, three whole words of the vector; so four lines at a time run over all columns, and each
 * word of the input is loaded once for four positions. */
struct quad {
  const uint32_t* line[4]; /* the next word of each line */
  uint32_t word[4];        /* the word before it */
};

#define THREE_BYTES 0xFFFFFFu

static inline void put_quad(uint32_t to, uint32_t words, uint32_t a, uint32_t b, uint32_t c,
                            uint32_t d) {
  hal_write(to, a | b << 24);
  if (words > 1) hal_write(to + 4, b >> 8 | c << 16);
  if (words > 2) hal_write(to + 8, c >> 16 | d << 8);
}

/* The `lines` (1 .. 4) lines from q on over `columns` positions, `step` bytes of INPUT apart;
 * compiled for each number of lines. */
static inline __attribute__((always_inline)) void run_quad(struct quad* q, uint32_t lines,
                                                           uint32_t to, uint32_t step,
                                                           uint32_t columns) {
  const uint32_t words = (3 * lines + 3) / 4;
  for (uint32_t k = 0; k < lines; ++k) q->word[k] = *q->line[k]++;
  for (;;) {
    uint32_t low[4] = {0}, high[4] = {0};
    for (uint32_t k = 0; k < lines; ++k) low[k] = q->word[k];
    put_quad(to, words, low[0] & THREE_BYTES, low[1] & THREE_BYTES, low[2] & THREE_BYTES,
             low[3] & THREE_BYTES);
    if (columns == 1) return;
    to += step;
    put_quad(to, words, low[0] >> 8, low[1] >> 8, low[2] >> 8, low[3] >> 8);
    if (columns == 2) return;
    to += step;
    for (uint32_t k = 0; k < lines; ++k) high[k] = q->word[k] = *q->line[k]++;
    put_quad(to, words, (low[0] >> 16 | high[0] << 16) & THREE_BYTES,
             (low[1] >> 16 | high[1] << 16) & THREE_BYTES,
             (low[2] >> 16 | high[2] << 16) & THREE_BYTES,
             (low[3] >> 16 | high[3] << 16) & THREE_BYTES);
    if (columns == 3) return;
    to += step;
    put_quad(to, words, (low[0] >> 24 | high[0] << 8) & THREE_BYTES,
             (low[1] >> 24 | high[1] << 8) & THREE_BYTES,
             (low[2] >> 24 | high[2] << 8) & THREE_BYTES,
             (low[3] >> 24 | high[3] << 8) & THREE_BYTES);
    if (columns == 4) return;
    to += step;
    columns -= 4;
  }
}

static void cut_line_3x3(const struct fw_plan* plan, const uint8_t* corner, uint32_t to) {
  const uint32_t step = 4 * plan->stride;
  const uint8_t* line = corner;
  uint32_t row = 0;
  for (uint32_t left = 3 * plan->layer->in_channels; left > 0; to += 12) {
    const uint32_t lines = fw_min(left, 4);
    struct quad q;
    for (uint32_t k = 0; k < lines; ++k) {
      q.line[k] = (const uint32_t*)(const void*)line;
      line += plan->line;
      if (++row == 3) {
        row = 0;
        corner += plan->plane;
        line = corner;
      }
    }
    switch (lines) {
      case 4:
        run_quad(&q, 4, to, step, plan->conv_width);
        break;
      case 3:
        run_quad(&q, 3, to, step, plan->conv_width);
        break;
      case 2:
        run_quad(&q, 2, to, step, plan->conv_width);
        break;
      default:
        run_quad(&q, 1, to, step, plan->conv_width);
        break;
    }
    left -= lines;
  }
}

void fw_upload_lines(const struct fw_plan* plan, const uint8_t* in, uint32_t first,
                     uint32_t lines) {
  if (plan->layer->kind == FW_FULLY_CONNECTED) {
    const uint32_t* words = (const uint32_t*)(const void*)in;
    for (uint32_t i = 0; i < plan->stride; ++i) hal_write(CRUCIBLE_WINDOW_INPUT + 4 * i, words[i]);
    return;
  }
  const uint8_t* corner = in + first * plan->line;
  if (plan->layer->kernel == 3) {
    uint32_t to = CRUCIBLE_WINDOW_INPUT;
    for (uint32_t line = 0; line < lines; ++line, corner += plan->line) {
      cut_line_3x3(plan, corner, to);
      to += 4 * plan->stride * plan->conv_width;
    }
    return;
  }
  struct packer p = {CRUCIBLE_WINDOW_INPUT, 0, 0};
  for (uint32_t line = 0; line < lines; ++line, corner += plan->line)
    for (uint32_t column = 0; column < plan->conv_width; ++column)
      cut_position(plan, corner, column, &p);
}
