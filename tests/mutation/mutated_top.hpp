// The mutated netlist of tiny behind IRtlTop: which mutant, and a limit in device cycles for each
// test.
#pragma once

#include <cstdint>

namespace crucible::sim {

/// The mutant that every top of this process is: 0 is the design as it is.
void select_mutant(uint16_t mutant);
/// Clock cycles from now on, over all tops, after which clock() throws crucible::Error(kTimeout).
void limit_cycles(uint64_t cycles);
[[nodiscard]] uint64_t cycles_used();  ///< since the last limit_cycles()

}  // namespace crucible::sim
