// Bytes over the top's UART pins, bit by bit, as a serial adapter with its own clock of the same
// rate would send them.
#pragma once

#include <cstdint>
#include <deque>
#include <span>

#include "sim/verilated/i_rtl_top.hpp"

namespace crucible::sim {

/// Eight data bits, least significant first, no parity, one stop bit.
class UartPort {
 public:
  explicit UartPort(IRtlTop& top);

  void push(std::span<const uint8_t> bytes) {
    to_device_.insert(to_device_.end(), bytes.begin(), bytes.end());
  }
  /// One clock cycle.
  void clock();
  [[nodiscard]] std::deque<uint8_t>& received() { return from_device_; }
  /// Characters from the device without a stop bit.
  [[nodiscard]] uint64_t framing_errors() const { return framing_errors_; }
  /// Nothing on either wire, and the device neither works nor holds a part of a frame.
  [[nodiscard]] bool quiet() const { return quiet_clocks_ >= kQuietClocks; }
  /// Holds the line low for some clocks before the next character: a break, or noise.
  void pull_low(int clocks) { low_clocks_ = clocks; }
  /// Forgets what is on the way in both directions.
  void clear();
  /// Levels of the other pins in the next cycle.
  [[nodiscard]] RtlInputs& inputs() { return inputs_; }
  [[nodiscard]] IRtlTop& top() { return top_; }

 private:
  static constexpr int kCharacterBits = 10;
  static constexpr int kQuietClocks = 16;

  bool next_level();
  void sample(bool level);

  IRtlTop& top_;
  RtlInputs inputs_{.link_sel = false};
  const int clocks_per_bit_;
  std::deque<uint8_t> to_device_;
  std::deque<uint8_t> from_device_;
  uint64_t framing_errors_ = 0;
  uint32_t tx_bits_ = 1;  ///< start bit, data and stop bit still to send, lowest first
  int tx_clocks_ = 0;     ///< clocks left of the character on the wire
  int rx_clocks_ = -1;    ///< clocks since the start bit's edge, -1 between characters
  uint32_t rx_bits_ = 0;
  int low_clocks_ = 0;
  int quiet_clocks_ = 0;
};

}  // namespace crucible::sim
