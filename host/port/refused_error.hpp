// A device's refusal, as an error that programs can examine too.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "models/error.hpp"
#include "spec/gen/crucible_spec.hpp"

namespace crucible::port {

/// One frame of a step, for messages.
struct RefusedFrame {
  spec::Op op = spec::Op::kRead;
  uint32_t address = 0;   ///< of the frame's first word; WAIT_IDLE: clock cycles
  size_t words = 0;       ///< of the frame
  size_t words_done = 0;  ///< of the step, before this frame: all carried out
  size_t step_words = 0;  ///< of the step
  size_t later_done = 0;  ///< frames after this one that were under way and carried out
  spec::Status status = spec::Status::kOk;
  uint32_t detail = 0;                ///< the response's word 3
  std::optional<uint32_t> word = {};  ///< that was refused, where it is known which one
};

/// The word of a refused frame's payload to which the detail points; none where several could be
/// it.
[[nodiscard]] std::optional<uint32_t> refused_word(spec::Op op, uint32_t address,
                                                   std::span<const uint32_t> payload,
                                                   uint32_t detail);

/// kTimeout for WAIT_IDLE's TIMEOUT, else kDevice.
class RefusedError : public Error {
 public:
  RefusedError(const std::string& device, const RefusedFrame& frame);
  [[nodiscard]] const RefusedFrame& frame() const { return frame_; }
  [[nodiscard]] spec::Status status() const { return frame_.status; }
  [[nodiscard]] uint32_t detail() const { return frame_.detail; }

 private:
  RefusedFrame frame_;
};

/// "0x00000048 (ADC)", "0x00100010 (INPUT word 4)".
[[nodiscard]] std::string describe_address(uint32_t address);

}  // namespace crucible::port
