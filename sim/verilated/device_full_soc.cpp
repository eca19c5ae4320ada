// Registers and tile of the configuration `full_soc`.
#include "Vcim_device_full_soc.h"
#include "sim/verilated/rtl_devices.hpp"
#include "sim/verilated/verilated_device.hpp"

namespace crucible::sim {

std::unique_ptr<ITlmDevice> make_full_soc_device(uint64_t seed, bool assertions) {
  return std::make_unique<VerilatedDevice<Vcim_device_full_soc>>(seed, assertions);
}

}  // namespace crucible::sim
