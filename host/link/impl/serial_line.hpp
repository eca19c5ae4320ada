// A serial port's line settings. Apart from the transport, because the kernel's termios2 and libc's
// termios exclude each other.
#pragma once

#include <cstdint>
#include <string>

namespace crucible::link {

/// Opens the device file: raw, 8 data bits, no parity, 1 stop bit, no flow control, any baud rate,
/// for this program alone. Returns the file descriptor, non-blocking. Throws
/// crucible::Error(kDevice).
[[nodiscard]] int open_serial_line(const std::string& path, uint32_t baud,
                                   const std::string& address);

}  // namespace crucible::link
