// Options of every emulated board.
#pragma once

#include <cstdint>

#include "spec/gen/crucible_spec.hpp"

namespace crucible::sim {

struct BoardOptions {
  int quantum_clocks = 1024;  ///< clocks that a part of the board runs ahead of the rest
  double clk_hz = 0;          ///< the board's oscillator; 0: as the configuration says
  uint64_t max_cycles = 0;    ///< device cycles until the board gives up; 0 means never
  bool assertions = true;     ///< of the RTL, checked while it runs
};

/// Frequency of the board's oscillator.
[[nodiscard]] double board_hz(const spec::HardwareConfig& config, const BoardOptions& options);

/// Bits a second of the device's UART on a board with this oscillator (0: the configuration's): the
/// configuration's number of clocks a bit is fixed in the hardware.
[[nodiscard]] double board_baud(const spec::HardwareConfig& config, double clk_hz);

}  // namespace crucible::sim
