// The frames of docs/link_protocol.md: their codes, and their bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "spec/gen/crucible_spec.hpp"

namespace crucible::link {

using spec::Op;
using spec::Status;

inline constexpr size_t kHeaderBytes = 4 * spec::kHeaderWords;
inline constexpr uint8_t kResponseBit = spec::kResponseFlag;  ///< of the op
inline constexpr uint8_t kStickyErrorBit = spec::kErrorFlag;  ///< of the status

/// What a status means, and what to do.
[[nodiscard]] std::string_view status_hint(Status status);

/// A frame of either direction. The length on the wire is `length`; a payload, where there is one,
/// has as many words.
struct Frame {
  uint8_t op = 0;       ///< Op; a response has kResponseBit set
  uint8_t status = 0;   ///< response: Status, and kStickyErrorBit
  uint16_t length = 0;  ///< words read or written
  uint16_t sequence = 0;
  uint16_t session = 0;
  uint32_t address = 0;  ///< response: detail of an error; WAIT_IDLE: clock cycles
  std::vector<uint32_t> payload;

  [[nodiscard]] bool is_response() const { return (op & kResponseBit) != 0; }
  [[nodiscard]] Status code() const { return static_cast<Status>(status & ~kStickyErrorBit); }
  friend bool operator==(const Frame&, const Frame&) = default;
};

/// Whether `length` words and their CRC follow a header: writes, and responses with a length.
[[nodiscard]] bool carries_payload(uint8_t op, uint16_t length);

/// Bytes of a frame on the wire.
[[nodiscard]] size_t encoded_size(uint8_t op, uint16_t length);

/// Appends the frame's bytes. Throws crucible::Error(kInternal) when payload and length disagree.
void encode(const Frame& frame, std::vector<uint8_t>& bytes);

}  // namespace crucible::link
