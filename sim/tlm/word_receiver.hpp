// Words to frames as rtl/link's receiver has it: hunts for a preamble, drops a header with a wrong
// CRC, takes in a payload of legal length.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "host/link/frame_receiver.hpp"

namespace crucible::sim {

class WordReceiver {
 public:
  explicit WordReceiver(int max_payload) : max_payload_(static_cast<size_t>(max_payload)) {}

  /// Takes a word; gives the frame that it completes. Bits of ERROR are added to `errors`.
  std::optional<link::ReceivedFrame> take(uint32_t word, uint32_t& errors);
  /// The next word should be a preamble.
  [[nodiscard]] bool hunting() const { return state_ == State::kHunt; }
  /// Drops a partly received frame that has paused for too long; the bit of ERROR.
  [[nodiscard]] uint32_t give_up();
  /// Drops a partly received frame.
  void flush() { state_ = State::kHunt; }

 private:
  enum class State { kHunt, kHead, kPayload };

  std::optional<link::ReceivedFrame> finish(bool payload_damaged);

  size_t max_payload_;
  State state_ = State::kHunt;
  std::vector<uint32_t> words_;  ///< of the header or the payload, its CRC included
  link::Frame frame_;
};

/// Characters to words: four make one, but while hunting a word is the preamble, at any character.
class WordAligner {
 public:
  std::optional<uint32_t> take(uint8_t character, bool hunting);
  void flush() { count_ = 0, shift_ = 0; }

 private:
  uint32_t shift_ = 0;
  int count_ = 0;
};

}  // namespace crucible::sim
