// A board that is nothing but the RTL of a card in its slot.
#pragma once

#include <cstdint>

#include "sim/systemc/i_host_side.hpp"
#include "sim/verilated/i_rtl_card.hpp"

namespace crucible::sim {

/// Runs the card's clock while anything is under way in it, until the world asks to stop. Throws
/// crucible::Error: kMismatch when an assertion of the RTL fired, kTimeout after max_cycles (0:
/// never).
void run_card_board(IRtlCard& card, IHostSide& host, uint64_t max_cycles);

}  // namespace crucible::sim
