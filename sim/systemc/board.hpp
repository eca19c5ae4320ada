// The emulated board: device, UART adapter and pump wired together.
#pragma once

#include "sim/systemc/board_options.hpp"
#include "sim/systemc/i_host_side.hpp"
#include "sim/verilated/i_rtl_top.hpp"

namespace crucible::sim {

/// Runs the board until the world asks it to stop; once in a process, since SystemC's kernel cannot
/// be started again. Throws crucible::Error: kMismatch when an assertion of the RTL fired, kTimeout
/// after max_cycles.
void run_board(IRtlTop& top, IHostSide& host, const BoardOptions& options);

}  // namespace crucible::sim
