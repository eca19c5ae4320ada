// The core of the configuration `small_soc`.
#include "Vcim_cpu_small_soc.h"
#include "Vcim_cpu_small_soc___024root.h"
#include "sim/verilated/cores.hpp"
#include "sim/verilated/verilated_core.hpp"

namespace crucible::sim {

std::unique_ptr<ICore> make_small_soc_core(std::span<uint32_t> memory, bool assertions) {
  return std::make_unique<VerilatedCore<Vcim_cpu_small_soc, Vcim_cpu_small_soc___024root>>(
      memory, assertions);
}

}  // namespace crucible::sim
