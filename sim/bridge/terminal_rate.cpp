#include "sim/bridge/terminal_rate.hpp"

#include <asm/termbits.h>
#include <sys/ioctl.h>

namespace crucible::sim {

uint32_t terminal_rate(int fd) {
  termios2 line{};
  return ::ioctl(fd, TCGETS2, &line) == 0 ? line.c_ospeed : 0;
}

}  // namespace crucible::sim
