// The whole board, loosely timed.
#pragma once

#include <cstdint>

#include "models/device/board_memory.hpp"
#include "sim/systemc/board_options.hpp"
#include "sim/systemc/i_host_side.hpp"
#include "sim/tlm/i_tlm_device.hpp"
#include "spec/gen/crucible_spec.hpp"

namespace crucible::sim {

/// What a board is made of beside its link and its core.
struct BoardParts {
  models::BoardMemory& memory;
  ITlmDevice& device;
};

/// What a board did, when it has ended.
struct BoardReport {
  uint64_t cycles = 0;        ///< of the clock
  uint64_t core_clocked = 0;  ///< in which its clock ran, since the beginning
};

/// Runs the board until the world asks it to stop; once in a process. Errors as run_board().
BoardReport run_tlm_board(const spec::HardwareConfig& config, const BoardParts& parts,
                          IHostSide& host, const BoardOptions& options);

}  // namespace crucible::sim
