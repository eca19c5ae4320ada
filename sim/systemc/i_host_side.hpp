// What the board sees of the outside world. Implemented in sim/bridge; the SystemC part knows no
// sockets.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/systemc/i_board_bus.hpp"

namespace crucible::sim {

/// A byte stream to and from one client. Nothing here blocks.
class IByteChannel {
 public:
  virtual ~IByteChannel() = default;
  [[nodiscard]] virtual bool connected() const = 0;
  /// Number of clients that have connected so far: tells one from the next.
  [[nodiscard]] virtual uint64_t generation() const = 0;
  [[nodiscard]] virtual bool has_input() const = 0;
  /// Takes at most `limit` of the bytes that have arrived.
  [[nodiscard]] virtual std::vector<uint8_t> take(size_t limit) = 0;
  /// Queues bytes; without a client they are dropped.
  virtual void send(std::span<const uint8_t> bytes) = 0;
};

class IHostSide {
 public:
  virtual ~IHostSide() = default;
  /// Frames without bit timing.
  [[nodiscard]] virtual IByteChannel& socket() = 0;
  /// The far end of the UART.
  [[nodiscard]] virtual IByteChannel& serial() = 0;
  /// Bits a second that the client of `serial()` has set on its side of the wire; 0 when none is
  /// known. It may change at any time.
  [[nodiscard]] virtual uint32_t serial_baud() = 0;
  /// Names the board's bus, and null when the board ends. A board whose bus cannot be reached from
  /// outside names none.
  virtual void set_bus(IBoardBus* bus) = 0;
  /// Handles what has happened, without waiting.
  virtual void poll() = 0;
  /// Waits until something happens, at most for `limit`, and handles it.
  virtual void wait(std::chrono::milliseconds limit) = 0;
  /// The board is to end: a signal came, or its client has gone.
  [[nodiscard]] virtual bool stop_requested() const = 0;
};

}  // namespace crucible::sim
