#include "firmware/app/serve.h"
#include "firmware/hal/hal.h"

extern uint8_t firmware_end[];
static struct fw_state state;

int main(void) {
  if (!fw_boot(&state, (uint32_t)firmware_end)) __asm__ volatile("ebreak");
  for (;;) {
    hal_wait_doorbell();
    fw_serve(&state);
  }
}
