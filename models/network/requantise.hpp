// Requantisation to 8 bits, ReLU included. See docs/numerics.md, "A layer".
#pragma once

#include <algorithm>
#include <cstdint>

namespace crucible::models {

/// y = clamp((v * multiplier + (1 << (right_shift - 1))) >> right_shift, 0, 255); monotone in v.
struct Requantiser {
  uint32_t multiplier = 0;  ///< 2^15 .. 2^16 - 1
  int right_shift = 1;      ///< 1 .. 62

  [[nodiscard]] uint8_t operator()(int64_t v) const {
    if (v <= 0) return 0;                               // ReLU; rounding lifts no v <= 0 to 1
    constexpr int64_t kLimit = (int64_t{1} << 45) - 1;  // signed 46 bits
    const int64_t product = std::min(v, kLimit) * static_cast<int64_t>(multiplier);
    const int64_t y = (product + (int64_t{1} << (right_shift - 1))) >> right_shift;
    return static_cast<uint8_t>(std::min<int64_t>(y, 255));
  }
};

/// Multiplier and shift for `ratio` = unit / y_scale. Throws crucible::Error(kUsage), naming
/// `layer`, when the shift is not 1 .. 62.
[[nodiscard]] Requantiser make_requantiser(double ratio, const char* layer);

}  // namespace crucible::models
