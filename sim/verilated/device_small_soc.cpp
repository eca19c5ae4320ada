// Registers and tile of the configuration `small_soc`.
#include "Vcim_device_small_soc.h"
#include "sim/verilated/rtl_devices.hpp"
#include "sim/verilated/verilated_device.hpp"

namespace crucible::sim {

std::unique_ptr<ITlmDevice> make_small_soc_device(uint64_t seed, bool assertions) {
  return std::make_unique<VerilatedDevice<Vcim_device_small_soc>>(seed, assertions);
}

}  // namespace crucible::sim
