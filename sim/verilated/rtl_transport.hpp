// The RTL in this process as a byte stream for the host's link: the real host stack against the
// real RTL, no other process.
#pragma once

#include <memory>

#include "host/link/i_transport.hpp"
#include "sim/verilated/stream_port.hpp"
#include "sim/verilated/uart_port.hpp"

namespace crucible::sim {

enum class Wire { kStream, kUart };

/// Time passes only inside read(). A deadline's remaining time counts in device cycles at the
/// configuration's clock rate; when nothing more can come out, read() returns 0 at once: the
/// deadline would pass in device time without any event.
class RtlTransport final : public link::ITransport {
 public:
  RtlTransport(std::unique_ptr<IRtlTop> top, Wire wire, StreamTraffic traffic = {});

  /// Queues the bytes. On the stream, bytes wait until four of them make a word.
  void write(std::span<const uint8_t> bytes, link::Clock::time_point deadline) override;
  /// Throws crucible::Error(kMismatch) when an assertion of the RTL has fired.
  size_t read(std::span<uint8_t> bytes, link::Clock::time_point deadline) override;
  [[nodiscard]] std::string describe() const override;
  [[nodiscard]] IRtlTop& top() { return *top_; }

 private:
  void clock();
  [[nodiscard]] bool quiet() const {
    return wire_ == Wire::kStream ? stream_.quiet() : uart_.quiet();
  }
  size_t take(std::span<uint8_t> bytes);

  std::unique_ptr<IRtlTop> top_;
  const Wire wire_;
  StreamPort stream_;
  UartPort uart_;
  std::vector<uint8_t> partial_word_;
  std::deque<uint8_t> received_;
};

}  // namespace crucible::sim
