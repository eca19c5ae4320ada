/* The end of a run that went wrong: says why, and stops the core. */
#include <stdint.h>

#include "firmware/hal/hal.h"
#include "firmware/interface/mailbox.h"
#include "spec/gen/crucible_spec.h"

static uint32_t mail(uint32_t word) { return CRUCIBLE_REG_MAILBOX0 + 4 * word; }

/* Called by the interrupt entry with q0, q1 and the interrupted program's stack and return
 * address. q0's lowest bit says that the instruction was a compressed one. */
_Noreturn void report_trap(uint32_t next, uint32_t lines, uint32_t stack, uint32_t caller);

void report_trap(uint32_t next, uint32_t lines, uint32_t stack, uint32_t caller) {
  const uint32_t result[FW_RESULT_COUNT] = {
      lines,  (next & 1u) != 0 ? next - 3 : next - 4, stack,
      caller, hal_read(CRUCIBLE_REG_FAULT_ADDR),      hal_read(CRUCIBLE_REG_FAULT_INFO)};
  for (uint32_t i = 0; i < FW_RESULT_COUNT; ++i) hal_write(mail(FW_RESULTS + i), result[i]);
  const uint32_t number = hal_read(mail(FW_COMMAND)) >> 16;
  hal_write(mail(FW_ANSWER), number << 16 | FW_TRAP);
  hal_write(CRUCIBLE_REG_NOTIFY, CRUCIBLE_NOTIFY_DONE_MASK);
  for (;;) __asm__ volatile("ebreak"); /* inside an interrupt the core stops at it */
}
