// What the pump needs of a device beside its stream of words, whether Verilated or modelled.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <systemc>
#include <vector>

namespace crucible::sim {

class IBoardDevice {
 public:
  virtual ~IBoardDevice() = default;
  /// Nothing can change before somebody outside wants something: simulated time may stand still.
  [[nodiscard]] virtual bool asleep() const = 0;
  /// Notified whenever something may have come out, and when the device falls asleep.
  [[nodiscard]] virtual const sc_core::sc_event& progress() const = 0;
  /// How long the world may be left alone while the device is awake and tells of no progress.
  [[nodiscard]] virtual sc_core::sc_time horizon() const = 0;
  /// Wall-clock time for which the world may be waited for before the next horizon: nothing but the
  /// passing of time is left to simulate.
  [[nodiscard]] virtual std::chrono::milliseconds spare_time() const {
    return std::chrono::milliseconds(0);
  }
  [[nodiscard]] virtual uint64_t cycle() const = 0;
  /// An assertion of the RTL has fired.
  [[nodiscard]] virtual bool failed() const = 0;
};

/// The far end of the device's UART: characters at a rate.
class ISerialLine {
 public:
  virtual ~ISerialLine() = default;
  /// Rate of the characters that begin from now on, in both directions.
  virtual void set_baud(double baud) = 0;
  virtual void send(std::span<const uint8_t> bytes) = 0;
  [[nodiscard]] virtual size_t bytes_waiting() const = 0;
  /// Takes what has been received.
  [[nodiscard]] virtual std::vector<uint8_t> take() = 0;
  /// Nothing is being sent or received.
  [[nodiscard]] virtual bool idle() const = 0;
};

}  // namespace crucible::sim
