// In place of the configuration `tiny`: a device in which an assertion fails. Linked into a test's
// own board program.
#include "Vcim_faulty_top.h"
#include "sim/verilated/tops.hpp"
#include "sim/verilated/verilated_top.hpp"

namespace crucible::sim {

std::unique_ptr<IRtlTop> make_tiny_top(const spec::HardwareConfig& config, uint64_t seed) {
  return std::make_unique<VerilatedTop<Vcim_faulty_top>>(config, seed);
}

}  // namespace crucible::sim
