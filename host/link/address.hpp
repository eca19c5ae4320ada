// Addresses of devices behind a byte stream.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "host/link/i_transport.hpp"

namespace crucible::link {

enum class Scheme { kUart, kTcp, kUnix, kVfioUser, kPcie, kVfio, kXdma };

struct Address {
  Scheme scheme = Scheme::kTcp;
  std::string text;   ///< as given, for messages
  std::string path;   ///< uart: the device file; unix, vfio-user: the socket; pcie, vfio: the
                      ///< function (0000:03:00.0); xdma: the device files' common begin
  std::string host;   ///< tcp
  uint16_t port = 0;  ///< tcp
  uint32_t baud = 3'000'000;  ///< uart
};

/// `uart:/dev/ttyUSB1?baud=3000000`, `tcp:127.0.0.1:5555`, `tcp:[::1]:5555`, `unix:/path`,
/// `vfio-user:/path`, `pcie:0000:03:00.0`, `vfio:0000:03:00.0`, `xdma:/dev/xdma0`.
/// Throws crucible::Error(kUsage) that says what to write instead.
[[nodiscard]] Address parse_address(std::string_view text);

/// Opens the byte stream. Throws crucible::Error: kDevice when nothing is there or it may not be
/// opened, kTimeout after the deadline.
[[nodiscard]] std::unique_ptr<ITransport> open_transport(const Address& address,
                                                         Clock::time_point deadline);

}  // namespace crucible::link
