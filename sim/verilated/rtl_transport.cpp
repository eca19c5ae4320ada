#include "sim/verilated/rtl_transport.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace crucible::sim {

RtlTransport::RtlTransport(std::unique_ptr<IRtlTop> top, Wire wire, StreamTraffic traffic)
    : top_(std::move(top)), wire_(wire), stream_(*top_, traffic), uart_(*top_) {}

void RtlTransport::write(std::span<const uint8_t> bytes, link::Clock::time_point) {
  if (wire_ == Wire::kUart) {
    uart_.push(bytes);
    return;
  }
  for (const uint8_t byte : bytes) {
    partial_word_.push_back(byte);
    if (partial_word_.size() < sizeof(uint32_t)) continue;
    uint32_t word = 0;
    for (size_t i = 0; i < sizeof word; ++i) word |= uint32_t{partial_word_[i]} << (8 * i);
    stream_.push({&word, 1});
    partial_word_.clear();
  }
}

void RtlTransport::clock() {
  if (wire_ == Wire::kUart) {
    uart_.clock();
    received_.insert(received_.end(), uart_.received().begin(), uart_.received().end());
    uart_.received().clear();
    return;
  }
  stream_.clock();
  for (const uint32_t word : stream_.received()) {
    for (size_t i = 0; i < sizeof word; ++i)
      received_.push_back(static_cast<uint8_t>(word >> (8 * i)));
  }
  stream_.received().clear();
}

size_t RtlTransport::take(std::span<uint8_t> bytes) {
  const size_t count = std::min(bytes.size(), received_.size());
  std::copy_n(received_.begin(), count, bytes.begin());
  received_.erase(received_.begin(), received_.begin() + static_cast<std::ptrdiff_t>(count));
  return count;
}

size_t RtlTransport::read(std::span<uint8_t> bytes, link::Clock::time_point deadline) {
  const std::chrono::duration<double> left = deadline - link::Clock::now();
  auto cycles = static_cast<int64_t>(std::max(0.0, left.count()) * top_->config().clk_hz);
  // At least one clock, so that "quiet" has seen what was written since.
  do {
    if (!received_.empty()) break;
    clock();
  } while (--cycles > 0 && !quiet());
  // What follows closely belongs to the same answer: one call returns it.
  for (size_t idle = 0; wire_ == Wire::kStream && !received_.empty() && idle < sizeof(uint32_t) &&
                        received_.size() < bytes.size();) {
    const size_t before = received_.size();
    clock();
    idle = received_.size() == before ? idle + 1 : 0;
  }
  top_->require_no_assertion_failures();
  return take(bytes);
}

std::string RtlTransport::describe() const {
  return fmt::format("in-process RTL ({}, {})", top_->config().name,
                     wire_ == Wire::kStream ? "stream" : "UART pins");
}

}  // namespace crucible::sim
