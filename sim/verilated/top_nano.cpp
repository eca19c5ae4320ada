// The configuration `nano`.
#include "Vcim_top_nano.h"
#include "sim/verilated/tops.hpp"
#include "sim/verilated/verilated_top.hpp"

namespace crucible::sim {

std::unique_ptr<IRtlTop> make_nano_top(const spec::HardwareConfig& config, uint64_t seed) {
  return std::make_unique<VerilatedTop<Vcim_top_nano>>(config, seed);
}

}  // namespace crucible::sim
