// A byte stream with deadlines. Implementations: serial port, TCP, Unix socket, in-process.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace crucible::link {

using Clock = std::chrono::steady_clock;

class ITransport {
 public:
  virtual ~ITransport() = default;
  /// Sends all bytes or throws crucible::Error (kTimeout after the deadline, kDevice when the peer
  /// is gone).
  virtual void write(std::span<const uint8_t> bytes, Clock::time_point deadline) = 0;
  /// Receives at least one and at most bytes.size() bytes; returns 0 when the deadline passes
  /// first. Throws kDevice when the peer is gone.
  virtual size_t read(std::span<uint8_t> bytes, Clock::time_point deadline) = 0;
  /// The address that was opened, for messages.
  [[nodiscard]] virtual std::string describe() const = 0;
};

}  // namespace crucible::link
