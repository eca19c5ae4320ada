// The rate of a terminal, standard or not. A file of its own: <asm/termbits.h>, which knows any
// rate, and <termios.h> cannot be included together.
#pragma once

#include <cstdint>

namespace crucible::sim {

/// Bits a second that a terminal's client sends at; `fd` is either end of it. 0 if it has no rate.
[[nodiscard]] uint32_t terminal_rate(int fd);

}  // namespace crucible::sim
