/* What the applications need of the machine: a word of the device, board memory, and time.
 * hal_core.h is the RISC-V core's, hal_host.hpp the one over a bus of the host's choice. */
#ifndef CRUCIBLE_FIRMWARE_HAL_H_
#define CRUCIBLE_FIRMWARE_HAL_H_

#include <stdint.h>

/* Cycles that the core may work between two signs of life. */
#define HAL_CORE_BUDGET 100000000u

#if defined(__riscv)
#include "firmware/hal/hal_core.h"
#else

#ifdef __cplusplus
extern "C" {
#endif

/* A register or a word of a window or of CONTROL, by its byte address. */
uint32_t hal_read(uint32_t address);
void hal_write(uint32_t address, uint32_t word);
/* Board memory at a byte address within it. */
void* hal_memory(uint32_t address);
/* Returns when the tile is idle; the watchdog bites when `cycles` were not enough. Afterwards it
 * has HAL_CORE_BUDGET. */
void hal_wait_idle(uint32_t cycles);
/* The watchdog bites in so many cycles; 0 never. */
void hal_watchdog(uint32_t cycles);

#ifdef __cplusplus
}
#endif
#endif

#endif /* CRUCIBLE_FIRMWARE_HAL_H_ */
