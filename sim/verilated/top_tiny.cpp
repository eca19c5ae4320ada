// The configuration `tiny`.
#include "Vcim_top_tiny.h"
#include "sim/verilated/tops.hpp"
#include "sim/verilated/verilated_top.hpp"

namespace crucible::sim {

std::unique_ptr<IRtlTop> make_tiny_top(const spec::HardwareConfig& config, uint64_t seed) {
  return std::make_unique<VerilatedTop<Vcim_top_tiny>>(config, seed);
}

}  // namespace crucible::sim
