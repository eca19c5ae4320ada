#include "firmware/hal/hal_host.hpp"

#include "firmware/hal/hal.h"
#include "models/error.hpp"
#include "spec/gen/crucible_spec.hpp"

namespace crucible::firmware {
namespace {

thread_local IBus* bound = nullptr;

IBus& bus() {
  if (bound == nullptr) throw Error(ErrorKind::kInternal, "firmware runs without a bus");
  return *bound;
}

}  // namespace

BusBinding::BusBinding(IBus& bus) {
  if (bound != nullptr) throw Error(ErrorKind::kInternal, "this thread runs firmware already");
  bound = &bus;
}

BusBinding::~BusBinding() { bound = nullptr; }

}  // namespace crucible::firmware

extern "C" {

uint32_t hal_read(uint32_t address) { return crucible::firmware::bus().read(address); }
void hal_write(uint32_t address, uint32_t word) { crucible::firmware::bus().write(address, word); }
void* hal_memory(uint32_t address) { return crucible::firmware::bus().memory(address); }
void hal_watchdog(uint32_t cycles) {
  crucible::firmware::bus().write(crucible::spec::kRegWatchdog, cycles);
}
void hal_wait_idle(uint32_t cycles) {
  hal_watchdog(cycles);
  crucible::firmware::bus().wait_idle(cycles);
  hal_watchdog(HAL_CORE_BUDGET);
}

}  // extern "C"
