// Finds frames in a stream of bytes, however damaged: looks for the next preamble at any byte.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "host/link/frame.hpp"

namespace crucible::link {

struct ReceiverStatistics {
  uint64_t frames = 0;
  uint64_t header_crc_errors = 0;
  uint64_t payload_crc_errors = 0;
  uint64_t skipped_bytes = 0;  ///< that belonged to no frame
};

/// A frame with a correct header. With a damaged payload, `frame.payload` is empty.
struct ReceivedFrame {
  Frame frame;
  bool payload_damaged = false;
};

class FrameReceiver {
 public:
  /// Headers that announce more than `max_payload` words are taken as damaged.
  explicit FrameReceiver(size_t max_payload = 0xFFFF) : max_payload_(max_payload) {}

  void push(std::span<const uint8_t> bytes);
  /// The next frame that is complete, if any. After a damaged header or payload the search goes on
  /// inside it, so that a whole frame behind lost bytes is found.
  [[nodiscard]] std::optional<ReceivedFrame> next();
  [[nodiscard]] const ReceiverStatistics& statistics() const { return statistics_; }
  void set_max_payload(size_t words) { max_payload_ = words; }

 private:
  [[nodiscard]] bool find_preamble();
  [[nodiscard]] uint32_t word(size_t index) const;  ///< counted from the frame's preamble
  void drop(size_t bytes);

  size_t max_payload_;
  std::vector<uint8_t> buffer_;
  size_t head_ = 0;
  ReceiverStatistics statistics_;
};

}  // namespace crucible::link
