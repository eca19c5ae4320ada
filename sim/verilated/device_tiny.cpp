// Registers and tile of the configuration `tiny`.
#include "Vcim_device_tiny.h"
#include "sim/verilated/rtl_devices.hpp"
#include "sim/verilated/verilated_device.hpp"

namespace crucible::sim {

std::unique_ptr<ITlmDevice> make_tiny_device(uint64_t seed, bool assertions) {
  return std::make_unique<VerilatedDevice<Vcim_device_tiny>>(seed, assertions);
}

}  // namespace crucible::sim
