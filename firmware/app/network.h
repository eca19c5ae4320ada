/* A network block that has been checked, and what the runner needs of it. */
#ifndef CRUCIBLE_FIRMWARE_NETWORK_H_
#define CRUCIBLE_FIRMWARE_NETWORK_H_

#include <stdbool.h>
#include <stdint.h>

#include "firmware/interface/mailbox.h"
#include "firmware/interface/network_block.h"

/* The tile that the registers describe. */
struct fw_device {
  uint32_t config_hash;
  uint32_t rows, outputs, banks; /* of a bank: rows, logical columns */
  uint32_t in_words, out_words;
  uint32_t activation_bytes; /* of one activation memory of the layer engine */
  bool effects;
  uint32_t memory_end; /* address after the last byte of board memory */
};

void fw_read_device(struct fw_device* device);

/* Images that run before the host sees progress, and what their logits take at most where they are
 * kept to be counted. */
#define FW_MOST_BATCH 16u
#define FW_SCRATCH_BYTES 4096u
/* And what they may take of the watchdog's cycles: noise cell by cell makes an image long. */
#define FW_BATCH_CYCLES (1u << 24)

/* A layer with what follows from its shape. Activations lie as [channel][row][column] with the
 * zeros of the padding around them and lines of whole words, so that every line of a patch starts
 * at the same place within a word. */
struct fw_plan {
  const struct fw_layer* layer;
  const uint32_t* banks;
  const uint32_t* bias;
  uint32_t fan_in;
  uint32_t stride; /* words of an input vector */
  uint32_t conv_height, conv_width;
  uint32_t lines;       /* lines of positions that the tile's buffers hold at a time */
  uint32_t line, plane; /* bytes of a line and of a channel of the input */
  uint32_t in_bytes;    /* of the input in this layout */
};

struct fw_network {
  uint32_t layers; /* 0: none is loaded */
  uint32_t image_bytes, classes;
  struct fw_block_header* header;
  struct fw_plan plan[FW_MAX_LAYERS];
  uint32_t block_at;       /* addresses: of the block */
  uint32_t activations[2]; /* inputs of even and of odd layers */
  uint32_t descriptors;    /* of the layer engine */
  uint32_t scratch;        /* logits of up to `batch` images */
  uint32_t free_at;        /* after the last buffer */
  uint32_t batch;
  uint32_t runs, runs_layer; /* enum fw_runs, and the layer that it is about */
};

/* Why a block is refused: what a status FW_BAD_NETWORK carries. */
struct fw_refusal {
  uint32_t place; /* enum fw_place */
  uint32_t layer;
  uint32_t word; /* of the header, the layer's descriptor, its banks or its biases */
  uint32_t value, least, most;
};

/* Words that one image's logits take in memory are classes times this: 1, or 2 (low first) where
 * the last layer is wide. */
uint32_t fw_logit_words(const struct fw_network* network);

/* Checks the block at an address (a multiple of 4, from first_free on) completely; `network` is
 * filled where it returns true, else `refusal`, and `network` has no layers. */
bool fw_check_network(const struct fw_device* device, uint32_t address, struct fw_network* network,
                      struct fw_refusal* refusal);

/* Bias of output o of a layer. */
int64_t fw_bias(const struct fw_plan* plan, uint32_t o);
/* The range that a bias of the layer may have. */
int64_t fw_bias_limit(const struct fw_layer* layer);

static inline uint32_t fw_min(uint32_t a, uint32_t b) { return a < b ? a : b; }
static inline uint32_t fw_max(uint32_t a, uint32_t b) { return a > b ? a : b; }

#endif /* CRUCIBLE_FIRMWARE_NETWORK_H_ */
