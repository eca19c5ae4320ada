/* Philox-4x32-10, counter-based random numbers: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw,
 * "Parallel random numbers: as easy as 1, 2, 3", SC 2011. The same draws as the host's
 * CounterRandom. */
#ifndef CRUCIBLE_FIRMWARE_PHILOX_H_
#define CRUCIBLE_FIRMWARE_PHILOX_H_

#include <stdint.h>

struct fw_random {
  uint32_t seed[2];
  uint32_t stream;
  uint32_t index; /* of the next draw */
};

/* The next draw; *high gets its upper word. */
uint32_t fw_draw(struct fw_random* random, uint32_t* high);
/* 0 .. bound - 1, bound at least 1. */
uint32_t fw_draw_below(struct fw_random* random, uint32_t bound);

#endif /* CRUCIBLE_FIRMWARE_PHILOX_H_ */
