/* What the command SEARCH is told: words in board memory, struct fw_search and a struct fw_reach
 * for each layer. firmware/README.md, "A search on the board". */
#ifndef CRUCIBLE_FIRMWARE_SEARCH_INTERFACE_H_
#define CRUCIBLE_FIRMWARE_SEARCH_INTERFACE_H_

#include <stdint.h>

enum fw_search_kind { FW_BLOCK_FLIP = 0, FW_SPSA = 1 };

struct fw_search {
  uint32_t kind;
  uint32_t measurements;     /* of all kept images: 1 .. 2^20, the start included */
  uint32_t seed_lo, seed_hi; /* of the random numbers */
  uint32_t clip_lo, clip_hi; /* largest margin that counts, logits, 1 .. 2^40 */
  uint32_t weights;          /* most that one step moves, 1 .. 2^20 */
};

/* How far the cells of a layer may move: MoveRules of models/variation. */
struct fw_reach {
  uint32_t steps; /* of a cell of slice 0 [7:0] and 1 [15:8], offset LSB, 0 .. 127 */
  uint32_t rules; /* bit 0: idle cells move; bit 1: they take only what a rail cuts off */
};
#define FW_REACH_IDLE 1u
#define FW_REACH_SPILL 2u

#define FW_SEARCH_MOST (1u << 20)

#endif /* CRUCIBLE_FIRMWARE_SEARCH_INTERFACE_H_ */
