#include "host/link/frame_receiver.hpp"

#include <algorithm>
#include <array>

#include "host/link/crc32.hpp"

namespace crucible::link {

namespace {
constexpr std::array<uint8_t, 4> kPreambleBytes{spec::kPreamble & 0xFF, spec::kPreamble >> 8 & 0xFF,
                                                spec::kPreamble >> 16 & 0xFF,
                                                spec::kPreamble >> 24};
}

void FrameReceiver::push(std::span<const uint8_t> bytes) {
  buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(head_));
  head_ = 0;
  buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
}

void FrameReceiver::drop(size_t bytes) { head_ += bytes; }

uint32_t FrameReceiver::word(size_t index) const {
  uint32_t value = 0;
  for (size_t i = 0; i < 4; ++i) value |= uint32_t{buffer_[head_ + 4 * index + i]} << (8 * i);
  return value;
}

bool FrameReceiver::find_preamble() {
  const auto from = buffer_.begin() + static_cast<std::ptrdiff_t>(head_);
  auto found = std::search(from, buffer_.end(), kPreambleBytes.begin(), kPreambleBytes.end());
  const bool whole = found != buffer_.end();
  // A beginning of a preamble at the very end may still be completed.
  for (size_t part = 3; !whole && part > 0; --part) {
    const auto left = static_cast<size_t>(buffer_.end() - from);
    if (left >= part && std::equal(buffer_.end() - static_cast<std::ptrdiff_t>(part), buffer_.end(),
                                   kPreambleBytes.begin())) {
      found = buffer_.end() - static_cast<std::ptrdiff_t>(part);
      break;
    }
  }
  statistics_.skipped_bytes += static_cast<uint64_t>(found - from);
  drop(static_cast<size_t>(found - from));
  return whole;
}

std::optional<ReceivedFrame> FrameReceiver::next() {
  while (find_preamble()) {
    const size_t available = buffer_.size() - head_;
    if (available < kHeaderBytes) return std::nullopt;
    const std::span<const uint8_t> bytes = std::span(buffer_).subspan(head_);
    ReceivedFrame received;
    Frame& frame = received.frame;
    frame.op = static_cast<uint8_t>(word(1));
    frame.status = static_cast<uint8_t>(word(1) >> 8);
    frame.length = static_cast<uint16_t>(word(1) >> 16);
    frame.sequence = static_cast<uint16_t>(word(2));
    frame.session = static_cast<uint16_t>(word(2) >> 16);
    frame.address = word(3);
    const bool payload = carries_payload(frame.op, frame.length);
    if (crc32(bytes.subspan(4, 12)) != word(4) || (payload && frame.length > max_payload_)) {
      ++statistics_.header_crc_errors;
      ++statistics_.skipped_bytes;
      drop(1);
      continue;
    }
    if (!payload) {
      drop(kHeaderBytes);
      ++statistics_.frames;
      return received;
    }
    if (available < encoded_size(frame.op, frame.length)) return std::nullopt;
    if (crc32(bytes.subspan(kHeaderBytes, size_t{4} * frame.length)) !=
        word(5 + size_t{frame.length})) {
      ++statistics_.payload_crc_errors;
      drop(kHeaderBytes);
      received.payload_damaged = true;
      return received;
    }
    frame.payload.resize(frame.length);
    for (size_t i = 0; i < frame.length; ++i) frame.payload[i] = word(5 + i);
    drop(encoded_size(frame.op, frame.length));
    ++statistics_.frames;
    return received;
  }
  return std::nullopt;
}

}  // namespace crucible::link
