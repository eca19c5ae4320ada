// What a device does with the frames of its link, once they have arrived whole and in order.
#pragma once

#include "models/device/frame_access.hpp"

namespace crucible::models {

class IFrameTarget {
 public:
  virtual ~IFrameTarget() = default;
  virtual FrameResult read(uint32_t address, std::span<uint32_t> words) = 0;
  /// `step` is 4, or 0 for WRITE_FIXED.
  virtual FrameResult write(uint32_t address, std::span<const uint32_t> words, uint32_t step) = 0;
  virtual FrameResult wait_idle(uint32_t cycles) = 0;
  /// ERROR, for what the link itself sees.
  [[nodiscard]] virtual IErrorLog& errors() = 0;
};

}  // namespace crucible::models
