// The board that somebody plugged in.
#include <cstdlib>

#include "tests/boards/board_fixture.hpp"

namespace crucible::boards {

std::optional<AttachedBoard> attach_board() {
  const char* const address = std::getenv("CRUCIBLE_BOARD_ADDRESS");
  if (address == nullptr || *address == '\0') return std::nullopt;
  return AttachedBoard{address, nullptr};
}

}  // namespace crucible::boards
