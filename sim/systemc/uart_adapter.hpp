// The other end of the UART's wires: a serial adapter that sends and samples characters at its own
// baud rate.
#pragma once

#include <deque>
#include <systemc>

#include "sim/systemc/i_board_device.hpp"

namespace crucible::sim {

/// Eight data bits, no parity, one stop bit. Bits are driven and sampled at their times, not at the
/// device's clock.
class UartAdapter : public sc_core::sc_module, public ISerialLine {
 public:
  sc_core::sc_out<bool> tx{"tx"};  ///< towards the device
  sc_core::sc_in<bool> rx{"rx"};   ///< from the device

  UartAdapter(sc_core::sc_module_name name, double baud);

  /// Rate of the characters that begin from now on, in both directions; what is on the wire ends as
  /// it began.
  void set_baud(double baud) override;

  void send(std::span<const uint8_t> bytes) override;
  [[nodiscard]] size_t bytes_waiting() const override {
    return to_device_.size() + (tx_bits_left_ > 0 ? 1 : 0);
  }
  /// Takes what has been received.
  [[nodiscard]] std::vector<uint8_t> take() override;
  /// Nothing is being sent or received.
  [[nodiscard]] bool idle() const override { return bytes_waiting() == 0 && rx_bit_ < 0; }

 private:
  void drive();
  void sample();

  sc_core::sc_time bit_time_;     ///< of the next character
  sc_core::sc_time tx_bit_time_;  ///< of the character being sent
  sc_core::sc_time rx_bit_time_;  ///< of the character being received
  std::deque<uint8_t> to_device_;
  std::vector<uint8_t> from_device_;
  uint32_t tx_bits_ = 1;
  int tx_bits_left_ = 0;
  uint32_t rx_bits_ = 0;
  int rx_bit_ = -1;  ///< bit to sample next, -1 between characters
  sc_core::sc_event start_;
};

}  // namespace crucible::sim
