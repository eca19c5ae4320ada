// The core of the configuration `full_soc`.
#include "Vcim_cpu_full_soc.h"
#include "Vcim_cpu_full_soc___024root.h"
#include "sim/verilated/cores.hpp"
#include "sim/verilated/verilated_core.hpp"

namespace crucible::sim {

std::unique_ptr<ICore> make_full_soc_core(std::span<uint32_t> memory, bool assertions) {
  return std::make_unique<VerilatedCore<Vcim_cpu_full_soc, Vcim_cpu_full_soc___024root>>(
      memory, assertions);
}

}  // namespace crucible::sim
