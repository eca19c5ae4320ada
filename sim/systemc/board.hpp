// The emulated board: device, UART adapter and pump wired together.
#pragma once

#include <cstdint>

#include "sim/systemc/i_host_side.hpp"
#include "sim/verilated/i_rtl_top.hpp"

namespace crucible::sim {

struct BoardOptions {
  int quantum_clocks = 1024;  ///< clocks that the device runs ahead of the rest of the board
  double clk_hz = 0;          ///< the board's oscillator; 0: as the configuration says
  uint64_t max_cycles = 0;    ///< device cycles until the board gives up; 0 means never
};

/// Bits a second of the device's UART on a board with this oscillator (0: the configuration's): the
/// configuration's number of clocks a bit is fixed in the hardware.
[[nodiscard]] double board_baud(const spec::HardwareConfig& config, double clk_hz);

/// Runs the board until the world asks it to stop; once in a process, since SystemC's kernel cannot
/// be started again. Throws crucible::Error: kMismatch when an assertion of the RTL fired, kTimeout
/// after max_cycles.
void run_board(IRtlTop& top, IHostSide& host, const BoardOptions& options);

}  // namespace crucible::sim
