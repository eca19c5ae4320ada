// Frames of docs/link_protocol.md by hand, for tests and benchmarks of the RTL: every field can be
// wrong on purpose, nothing is repeated, and time-outs are in device cycles. The host's own client
// is host/link.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sim/verilated/stream_port.hpp"

namespace crucible::sim {

struct Request {
  uint8_t op = 0;
  uint16_t length = 0;  ///< words
  uint16_t sequence = 0;
  uint16_t session = 0;
  uint32_t address = 0;
  std::vector<uint32_t> payload;
};

struct Response {
  uint8_t op = 0;  ///< of the request, with the response flag
  spec::Status status = spec::Status::kOk;
  bool error_flag = false;  ///< the sticky ERROR register is not zero
  uint16_t sequence = 0;
  uint16_t session = 0;
  uint32_t detail = 0;
  std::vector<uint32_t> payload;
};

/// CRC-32 of IEEE 802.3 over the words' bytes as sent.
[[nodiscard]] uint32_t crc_of_words(std::span<const uint32_t> words);
/// The frame's words, preamble and correct CRCs included.
[[nodiscard]] std::vector<uint32_t> encode(const Request& request);
/// Takes one response off the front of `words`; empty when it has not arrived completely.
/// Throws crucible::Error(kMismatch) on a wrong preamble or CRC.
[[nodiscard]] std::optional<Response> decode(std::deque<uint32_t>& words);

class FrameClient {
 public:
  explicit FrameClient(StreamPort& port, uint16_t session = 1) : port_(port), session_(session) {}

  // One request with the next sequence number, and its response whatever its status.
  Response sync(uint16_t session, uint16_t sequence);
  Response read(uint32_t address, uint16_t words);
  Response write(uint32_t address, std::span<const uint32_t> words);
  Response write_fixed(uint32_t address, std::span<const uint32_t> words);
  Response wait_idle(uint32_t cycles);

  // The same; anything but OK throws crucible::Error(kDevice) with status and address.
  [[nodiscard]] std::vector<uint32_t> get(uint32_t address,
                                          size_t words);  ///< cut into frames of legal length
  [[nodiscard]] uint32_t get_word(uint32_t address) { return get(address, 1).front(); }
  void put(uint32_t address, std::span<const uint32_t> words);  ///< cut into frames of legal length
  void put_word(uint32_t address, uint32_t word) { put(address, {&word, 1}); }
  void poke(std::span<const uint32_t> words);
  void wait(uint32_t cycles);

  /// Sends words as they are.
  void send(std::span<const uint32_t> words);
  /// The device's cycle in which words were sent last.
  [[nodiscard]] uint64_t sent_at() const { return sent_at_; }
  /// The next response, or nothing when the device falls quiet or `cycles` pass without one.
  std::optional<Response> receive(uint64_t cycles);
  /// Header of the next request; the number is used up.
  Request next(spec::Op op, uint32_t address, uint16_t length);
  /// Sends and waits; throws crucible::Error(kTimeout) when no response comes.
  Response transact(const Request& request, uint64_t cycles = kPatience);

  [[nodiscard]] uint16_t sequence() const { return sequence_; }
  void set_sequence(uint16_t sequence) { sequence_ = sequence; }
  [[nodiscard]] uint16_t session() const { return session_; }
  [[nodiscard]] StreamPort& port() { return port_; }

 private:
  /// Cycles for one frame both ways at heavy back-pressure, settled generously.
  static constexpr uint64_t kPatience = 1'000'000;

  StreamPort& port_;
  uint16_t session_;
  uint16_t sequence_ = 0;
  uint64_t sent_at_ = 0;
};

}  // namespace crucible::sim
