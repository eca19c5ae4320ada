// Ctrl-C, SIGTERM and SIGUSR1 as a flag that long jobs look at, so that they end with the result so
// far and close the board.
#pragma once

namespace crucible::apps {

/// From now on SIGINT, SIGTERM and SIGUSR1 only set the flag.
void catch_interrupts();
[[nodiscard]] bool interrupted();
/// 128 + the signal's number, as a shell reports it; 0 without an interrupt.
[[nodiscard]] int interrupt_exit_code();

}  // namespace crucible::apps
