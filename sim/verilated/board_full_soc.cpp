// The configuration `full_soc`.
#include "Vcim_board_full_soc.h"
#include "sim/verilated/tops.hpp"
#include "sim/verilated/verilated_top.hpp"

namespace crucible::sim {

std::unique_ptr<IRtlTop> make_full_soc_top(const spec::HardwareConfig& config, uint64_t seed) {
  return std::make_unique<VerilatedTop<Vcim_board_full_soc>>(config, seed);
}

}  // namespace crucible::sim
