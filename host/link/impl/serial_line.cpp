#include "host/link/impl/serial_line.hpp"

#include <asm/termbits.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "models/error.hpp"

namespace crucible::link {

namespace {

[[noreturn]] void fail(int fd, const std::string& address, const std::string& reason) {
  if (fd >= 0) ::close(fd);
  throw Error(ErrorKind::kDevice, fmt::format("cannot open {}: {}", address, reason));
}

std::string open_failure(const std::string& path) {
  switch (errno) {
    case ENOENT:
      return fmt::format(
          "there is no '{}'; is the board plugged in and powered? `ls /dev/tty*` lists the ports",
          path);
    case EACCES:
      return fmt::format(
          "no permission for '{}'; add yourself to its group (mostly dialout) and log in again",
          path);
    case EBUSY:
      return fmt::format("'{}' is in use by another program; close it", path);
    default:
      return std::strerror(errno);
  }
}

}  // namespace

int open_serial_line(const std::string& path, uint32_t baud, const std::string& address) {
  const int fd = ::open(path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) fail(fd, address, open_failure(path));
  termios2 line{};
  if (::ioctl(fd, TCGETS2, &line) != 0) {
    fail(fd, address, fmt::format("'{}' is not a serial port ({})", path, std::strerror(errno)));
  }
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    fail(fd, address, fmt::format("'{}' is in use by another program; close it", path));
  }
  line.c_iflag = IGNBRK;
  line.c_oflag = 0;
  line.c_lflag = 0;
  line.c_cflag = CS8 | CREAD | CLOCAL | BOTHER | (BOTHER << IBSHIFT);
  line.c_ispeed = baud;
  line.c_ospeed = baud;
  line.c_cc[VMIN] = 1;
  line.c_cc[VTIME] = 0;
  if (::ioctl(fd, TCSETS2, &line) != 0) {
    fail(fd, address,
         fmt::format("the port does not take {} baud ({}); try another rate, ?baud=115200", baud,
                     std::strerror(errno)));
  }
  if (::ioctl(fd, TCGETS2, &line) == 0) {
    const uint32_t got = line.c_ospeed;
    const uint32_t slack =
        baud / 33;  // 3 %: more than that, and an 8N1 receiver samples the wrong bit
    if (got + slack < baud || got > baud + slack) {
      fail(fd, address,
           fmt::format(
               "the port offers {} baud instead of {}; write ?baud={} if the board can do it", got,
               baud, got));
    }
  }
  ::ioctl(fd, TCFLSH, TCIOFLUSH);
  return fd;
}

}  // namespace crucible::link
