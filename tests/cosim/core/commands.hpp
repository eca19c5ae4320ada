// What program.S does when it is asked: numbers of its commands.
#pragma once

#include <cstdint>

namespace crucible::sim {

enum CoreCommand : uint32_t {
  kEcho = 1,
  kLoad,
  kStore,
  kJob,
  kIllegal,
  kTrap,
  kHang,
  kCopy,
  kArithmetic,
  kNarrow,
  kDivisions,
  kJump,
  kTimed
};

}  // namespace crucible::sim
