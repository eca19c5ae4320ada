/* Waiting on the core. The interrupts of doorbell and tile stay masked: waitirq returns for masked
 * ones, too, and nothing has to be saved. */
#include "firmware/hal/hal.h"
#include "spec/gen/crucible_spec.h"

/* PicoRV32's own instruction: sleeps until an interrupt is pending. */
static void wait_for_interrupt(void) {
  uint32_t pending;
  __asm__ volatile(".insn r CUSTOM_0, 4, 4, %0, x0, x0" : "=r"(pending) : : "memory");
}

void hal_watchdog(uint32_t cycles) { hal_write(CRUCIBLE_REG_WATCHDOG, cycles); }

void hal_wait_idle(uint32_t cycles) {
  hal_watchdog(cycles);
  while ((hal_read(CRUCIBLE_REG_STATUS) & CRUCIBLE_STATUS_BUSY_MASK) != 0) {
    wait_for_interrupt();
    hal_write(CRUCIBLE_REG_IRQ_PENDING, CRUCIBLE_IRQ_PENDING_TILE_MASK);
  }
  hal_write(CRUCIBLE_REG_IRQ_PENDING, CRUCIBLE_IRQ_PENDING_TILE_MASK);
  hal_watchdog(HAL_CORE_BUDGET);
}

void hal_wait_doorbell(void) {
  while ((hal_read(CRUCIBLE_REG_IRQ_PENDING) & CRUCIBLE_IRQ_PENDING_DOORBELL_MASK) == 0)
    wait_for_interrupt();
  hal_write(CRUCIBLE_REG_IRQ_PENDING, CRUCIBLE_IRQ_PENDING_DOORBELL_MASK);
}
