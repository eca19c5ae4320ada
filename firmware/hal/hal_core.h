/* The hardware abstraction on the core: loads and stores. */
#ifndef CRUCIBLE_FIRMWARE_HAL_CORE_H_
#define CRUCIBLE_FIRMWARE_HAL_CORE_H_

#include <stdint.h>

static inline uint32_t hal_read(uint32_t address) { return *(volatile uint32_t*)address; }
static inline void hal_write(uint32_t address, uint32_t word) {
  *(volatile uint32_t*)address = word;
}
static inline void* hal_memory(uint32_t address) { return (void*)address; }

void hal_wait_idle(uint32_t cycles);
/* Returns when the doorbell has rung since the last call. */
void hal_wait_doorbell(void);
void hal_watchdog(uint32_t cycles);

#endif /* CRUCIBLE_FIRMWARE_HAL_CORE_H_ */
