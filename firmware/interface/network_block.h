/* The network block: a compiled network as words in board memory. The host writes it
 * (host/board/network_block.hpp), firmware checks all of it before it runs anything. Little-endian
 * 32-bit words; every offset counts bytes from the block's first word and is a multiple of 4.
 * firmware/README.md has the table. */
#ifndef CRUCIBLE_FIRMWARE_NETWORK_BLOCK_H_
#define CRUCIBLE_FIRMWARE_NETWORK_BLOCK_H_

#include <stdint.h>

#define FW_BLOCK_MAGIC 0x4B4C424Eu /* "NBLK" in the order of addresses */
#define FW_BLOCK_VERSION 1u
#define FW_BLOCK_CRC_FROM 16u /* the CRC-32 covers the bytes from here to the block's end */
#define FW_MAX_LAYERS 16u
#define FW_MAX_SIDE 4096u /* of shapes, as the host's networks have it */

enum fw_kind { FW_CONV = 0, FW_FULLY_CONNECTED = 1 };

struct fw_block_header {
  uint32_t magic;
  uint32_t version;
  uint32_t bytes; /* of the block, this header included */
  uint32_t crc;   /* CRC-32 as zlib computes it */
  uint32_t config_hash;
  uint32_t layers;    /* 1 .. FW_MAX_LAYERS */
  uint32_t layers_at; /* offset of struct fw_layer[layers] */
  uint32_t image_bytes;
  uint32_t classes;
};

/* Shapes as in docs/numerics.md, "A layer". Row block r and column block c take bank
 * banks[r * column_blocks + c]; block r holds inputs r * block_rows and on, block c outputs
 * c * block_outputs and on. */
struct fw_layer {
  uint32_t kind; /* enum fw_kind */
  uint32_t in_channels, in_height, in_width;
  uint32_t kernel, pad, out_channels;
  uint32_t pool; /* 1: 2 x 2, stride 2 */
  uint32_t adc;  /* the word of register ADC */
  uint32_t wide; /* 0: every sum with its bias is below 2^31 in magnitude, biases are one word; 1:
                    sums have 64 bits, biases two words, low first */
  uint32_t row_blocks, column_blocks;
  uint32_t block_rows, block_outputs;
  uint32_t banks_at;          /* offset of uint32_t[row_blocks * column_blocks] */
  uint32_t bias_at;           /* offset of the biases, signed, out_channels of them */
  uint32_t multiplier, shift; /* M and t of the requantisation; 0 in the last layer */
};

/* The field that a refusal names: which word of which descriptor. */
enum fw_place { FW_IN_HEADER = 0, FW_IN_LAYER = 1, FW_IN_BANKS = 2, FW_IN_BIAS = 3 };

#endif /* CRUCIBLE_FIRMWARE_NETWORK_BLOCK_H_ */
