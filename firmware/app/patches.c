#include "firmware/app/patches.h"

#include <stddef.h>

#include "firmware/hal/hal.h"
#include "spec/gen/crucible_spec.h"

/* The C library's memset and memcpy for this core are loops of single bytes; these are longer, and
 * take a third of the time. */
void fw_clear_input(const struct fw_plan* plan, uint8_t* in) {
  uint32_t* words = (uint32_t*)(void*)in;
#pragma GCC unroll 8
  for (uint32_t left = plan->in_bytes / 4; left > 0; --left) *words++ = 0;
}

static void copy_bytes(uint8_t* to, const uint8_t* from, uint32_t count) {
#pragma GCC unroll 4
  for (; count > 0; --count) *to++ = *from++;
}

void fw_pad_image(const struct fw_plan* plan, const uint8_t* image, uint8_t* in) {
  const struct fw_layer* layer = plan->layer;
  fw_clear_input(plan, in);
  for (uint32_t c = 0; c < layer->in_channels; ++c) {
    uint8_t* line = in + c * plan->plane + layer->pad * plan->line + layer->pad;
    for (uint32_t row = 0; row < layer->in_height; ++row, line += plan->line) {
      copy_bytes(line, image, layer->in_width);
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

#define THREE_BYTES 0xFFFFFFu

/* Three bytes each of up to four lines, as up to three words of a vector. */
static inline void put_quad(uint32_t to, uint32_t words, uint32_t a, uint32_t b, uint32_t c,
                            uint32_t d) {
  hal_write(to, a | b << 24);
  if (words > 1) hal_write(to + 4, b >> 8 | c << 16);
  if (words > 2) hal_write(to + 8, c >> 16 | d << 8);
}

/* The bytes from byte `shift` / 8 of a word on, those of the next word above them. */
static inline uint32_t joined(uint32_t word, uint32_t next, uint32_t shift) {
  return (word >> shift | next << (32 - shift)) & THREE_BYTES;
}

/* The first `lines` (1 .. 4) lines over `columns` positions, `step` bytes of INPUT apart; compiled
 * for each number of lines. */
static inline __attribute__((always_inline)) void run_quad(const uint32_t* const line[4],
                                                           uint32_t lines, uint32_t to,
                                                           uint32_t step, uint32_t columns) {
  const uint32_t words = (3 * lines + 3) / 4;
  const uint32_t *pa = line[0], *pb = line[1], *pc = line[2], *pd = line[3];
  uint32_t a = *pa, b = lines > 1 ? *pb : 0, c = lines > 2 ? *pc : 0, d = lines > 3 ? *pd : 0;
  for (;; columns -= 4) {
    put_quad(to, words, a & THREE_BYTES, b & THREE_BYTES, c & THREE_BYTES, d & THREE_BYTES);
    if (columns == 1) return;
    to += step;
    put_quad(to, words, a >> 8, b >> 8, c >> 8, d >> 8);
    if (columns == 2) return;
    to += step;
    const uint32_t e = *++pa, f = lines > 1 ? *++pb : 0, g = lines > 2 ? *++pc : 0,
                   h = lines > 3 ? *++pd : 0;
    put_quad(to, words, joined(a, e, 16), joined(b, f, 16), joined(c, g, 16), joined(d, h, 16));
    if (columns == 3) return;
    to += step;
    put_quad(to, words, joined(a, e, 24), joined(b, f, 24), joined(c, g, 24), joined(d, h, 24));
    if (columns == 4) return;
    to += step;
    a = e;
    b = f;
    c = g;
    d = h;
  }
}

static void cut_line_3x3(const struct fw_plan* plan, const uint8_t* corner, uint32_t to) {
  const uint32_t step = 4 * plan->stride;
  const uint8_t* line = corner;
  uint32_t row = 0;
  for (uint32_t left = 3 * plan->layer->in_channels; left > 0; to += 12) {
    const uint32_t lines = fw_min(left, 4);
    const uint32_t* from[4] = {NULL};
    for (uint32_t k = 0; k < lines; ++k) {
      from[k] = (const uint32_t*)(const void*)line;
      line += plan->line;
      if (++row == 3) {
        row = 0;
        corner += plan->plane;
        line = corner;
      }
    }
    switch (lines) {
      case 4:
        run_quad(from, 4, to, step, plan->conv_width);
        break;
      case 3:
        run_quad(from, 3, to, step, plan->conv_width);
        break;
      case 2:
        run_quad(from, 2, to, step, plan->conv_width);
        break;
      default:
        run_quad(from, 1, to, step, plan->conv_width);
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
