// The configuration `small_soc`.
#include "Vcim_board_small_soc.h"
#include "sim/verilated/tops.hpp"
#include "sim/verilated/verilated_top.hpp"

namespace crucible::sim {

std::unique_ptr<IRtlTop> make_small_soc_top(const spec::HardwareConfig& config, uint64_t seed) {
  return std::make_unique<VerilatedTop<Vcim_board_small_soc>>(config, seed);
}

}  // namespace crucible::sim
