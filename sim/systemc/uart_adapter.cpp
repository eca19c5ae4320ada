#include "sim/systemc/uart_adapter.hpp"

#include <utility>

namespace crucible::sim {
namespace {
constexpr int kCharacterBits = 10;  // start, eight of data, stop
}

UartAdapter::UartAdapter(sc_core::sc_module_name name, double baud) : sc_module(name) {
  set_baud(baud);
  tx.initialize(true);
  SC_HAS_PROCESS(UartAdapter);
  SC_METHOD(drive);
  sensitive << start_;
  dont_initialize();
  SC_METHOD(sample);
  sensitive << rx.neg();
  dont_initialize();
}

void UartAdapter::set_baud(double baud) {
  bit_time_ = sc_core::sc_time(1.0 / baud, sc_core::SC_SEC);
}

void UartAdapter::send(std::span<const uint8_t> bytes) {
  to_device_.insert(to_device_.end(), bytes.begin(), bytes.end());
  if (tx_bits_left_ == 0) start_.notify(sc_core::SC_ZERO_TIME);
}

std::vector<uint8_t> UartAdapter::take() { return std::exchange(from_device_, {}); }

void UartAdapter::drive() {
  if (tx_bits_left_ == 0) {
    if (to_device_.empty()) return;  // waits for start_
    tx_bits_ = (1u << (kCharacterBits - 1)) | (uint32_t{to_device_.front()} << 1);
    to_device_.pop_front();
    tx_bits_left_ = kCharacterBits;
    tx_bit_time_ = bit_time_;
  }
  tx.write((tx_bits_ & 1) != 0);
  tx_bits_ >>= 1;
  --tx_bits_left_;
  next_trigger(tx_bit_time_);
}

void UartAdapter::sample() {
  if (rx_bit_ < 0) {
    rx_bit_ = 0;
    rx_bits_ = 0;
    rx_bit_time_ = bit_time_;
    next_trigger(rx_bit_time_ / 2);
    return;
  }
  if (rx_bit_ == 0 && rx.read()) {  // a pulse shorter than half a bit is no start bit
    rx_bit_ = -1;
    return;
  }
  rx_bits_ |= static_cast<uint32_t>(rx.read()) << rx_bit_;
  if (++rx_bit_ < kCharacterBits) {
    next_trigger(rx_bit_time_);
    return;
  }
  rx_bit_ = -1;
  // A character without its stop bit is lost, as in every serial adapter; the frame's CRC tells the
  // host.
  const bool stop_bit = (rx_bits_ >> (kCharacterBits - 1)) != 0;
  if (stop_bit) from_device_.push_back(static_cast<uint8_t>(rx_bits_ >> 1));
}

}  // namespace crucible::sim
