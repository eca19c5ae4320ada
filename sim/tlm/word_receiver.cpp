#include "sim/tlm/word_receiver.hpp"

#include <cstring>
#include <span>
#include <utility>

#include "host/link/crc32.hpp"

namespace crucible::sim {
namespace {

constexpr size_t kHeaderRest = spec::kHeaderWords - 1;  // without the preamble

bool crc_good(std::span<const uint32_t> words) {
  const auto bytes = std::as_bytes(words.first(words.size() - 1));
  return link::crc32({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()}) ==
         words.back();
}

}  // namespace

std::optional<link::ReceivedFrame> WordReceiver::finish(bool payload_damaged) {
  state_ = State::kHunt;
  return link::ReceivedFrame{std::exchange(frame_, {}), payload_damaged};
}

std::optional<link::ReceivedFrame> WordReceiver::take(uint32_t word, uint32_t& errors) {
  if (state_ == State::kHunt) {
    words_.clear();
    if (word == spec::kPreamble) state_ = State::kHead;
    return std::nullopt;
  }
  words_.push_back(word);
  if (state_ == State::kHead) {
    if (words_.size() < kHeaderRest) return std::nullopt;
    if (!crc_good(words_)) {
      errors |= spec::kErrorHcrcMask;
      state_ = State::kHunt;
      return std::nullopt;
    }
    frame_ = {.op = static_cast<uint8_t>(words_[0]),
              .status = static_cast<uint8_t>(words_[0] >> 8),
              .length = static_cast<uint16_t>(words_[0] >> 16),
              .sequence = static_cast<uint16_t>(words_[1]),
              .session = static_cast<uint16_t>(words_[1] >> 16),
              .address = words_[2],
              .payload = {}};
    words_.clear();
    const bool writes = frame_.status == 0 && frame_.length > 0 && !frame_.is_response() &&
                        link::carries_payload(frame_.op, frame_.length);
    if (!writes || frame_.length > max_payload_) return finish(false);
    state_ = State::kPayload;
    return std::nullopt;
  }
  if (words_.size() <= frame_.length) return std::nullopt;
  if (!crc_good(words_)) {
    errors |= spec::kErrorPcrcMask;
    return finish(true);
  }
  words_.pop_back();
  frame_.payload = words_;
  return finish(false);
}

uint32_t WordReceiver::give_up() {
  return std::exchange(state_, State::kHunt) == State::kPayload ? spec::kErrorPcrcMask
                                                                : spec::kErrorHcrcMask;
}

std::optional<uint32_t> WordAligner::take(uint8_t character, bool hunting) {
  shift_ = shift_ >> 8 | uint32_t{character} << 24;
  if (hunting) {
    count_ = 0;
    if (shift_ != spec::kPreamble) return std::nullopt;
  } else if (++count_ < 4) {
    return std::nullopt;
  }
  count_ = 0;
  return std::exchange(shift_, 0);
}

}  // namespace crucible::sim
