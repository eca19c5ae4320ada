// What the words of a link's frame do on the bus: judged in the protocol's order, and noted in
// ERROR where they are refused.
#pragma once

#include "models/device/i_bus_target.hpp"
#include "models/device/i_error_log.hpp"

namespace crucible::models {

/// Outcome of a frame; `detail` is word 3 of an error's response.
struct FrameResult {
  spec::Status status = spec::Status::kOk;
  uint32_t detail = 0;
};

class FrameAccess {
 public:
  /// Bus and log must outlive it; `max_payload` is LINK_INFO.max_payload.
  FrameAccess(IBusTarget& bus, IErrorLog& errors, int max_payload)
      : bus_(bus), errors_(errors), max_payload_(static_cast<size_t>(max_payload)) {}

  FrameResult read(uint32_t address, std::span<uint32_t> words);
  /// `step` is 4, or 0 for WRITE_FIXED.
  FrameResult write(uint32_t address, std::span<const uint32_t> words, uint32_t step);
  /// A refusal that is about no word.
  FrameResult refuse(spec::Status status);

 private:
  FrameResult refuse_word(spec::Status status, uint32_t detail);

  IBusTarget& bus_;
  IErrorLog& errors_;
  size_t max_payload_;
};

}  // namespace crucible::models
