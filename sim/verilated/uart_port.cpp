#include "sim/verilated/uart_port.hpp"

namespace crucible::sim {

UartPort::UartPort(IRtlTop& top)
    : top_(top), clocks_per_bit_(static_cast<int>(top.config().clk_hz / top.config().baud)) {}

bool UartPort::next_level() {
  if (tx_clocks_ == 0 && low_clocks_ > 0) {
    --low_clocks_;
    return false;
  }
  if (tx_clocks_ == 0) {
    if (to_device_.empty()) return true;
    tx_bits_ = (1u << (kCharacterBits - 1)) | (uint32_t{to_device_.front()} << 1);
    to_device_.pop_front();
    tx_clocks_ = kCharacterBits * clocks_per_bit_;
  }
  const int bit = kCharacterBits - 1 - (tx_clocks_ - 1) / clocks_per_bit_;
  --tx_clocks_;
  return ((tx_bits_ >> bit) & 1) != 0;
}

void UartPort::sample(bool level) {
  if (rx_clocks_ < 0) {
    if (level) return;
    rx_clocks_ = 0;
    rx_bits_ = 0;
  }
  const int bit = rx_clocks_ / clocks_per_bit_;
  if (rx_clocks_ % clocks_per_bit_ == clocks_per_bit_ / 2) {
    rx_bits_ |= static_cast<uint32_t>(level) << bit;
    if (bit == kCharacterBits - 1) {
      if (level) {
        from_device_.push_back(static_cast<uint8_t>(rx_bits_ >> 1));
      } else {
        ++framing_errors_;
      }
      rx_clocks_ = -1;
      return;
    }
  }
  ++rx_clocks_;
}

void UartPort::clear() {
  to_device_.clear();
  from_device_.clear();
  tx_clocks_ = low_clocks_ = quiet_clocks_ = 0;
  rx_clocks_ = -1;
}

void UartPort::clock() {
  inputs_.uart_rx = next_level();
  const RtlOutputs& outputs = top_.clock(inputs_);
  sample(outputs.uart_tx);
  const bool quiet_now = inputs_.uart_rx && outputs.uart_tx && rx_clocks_ < 0 && tx_clocks_ == 0 &&
                         to_device_.empty() && outputs.link_idle && !outputs.busy;
  quiet_clocks_ = quiet_now ? quiet_clocks_ + 1 : 0;
}

}  // namespace crucible::sim
