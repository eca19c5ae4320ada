// How the ten digits are drawn: pen strokes as control points, several styles a digit.
#pragma once

#include <span>
#include <vector>

namespace crucible::data {

/// Design units: x 0 .. 60 to the right, y 0 .. 90 downwards.
struct PenPoint {
  int x = 0;
  int y = 0;
};

/// Smooth strokes have their corners cut until they are curves; the others keep them.
struct PenStroke {
  bool smooth = false;
  std::vector<PenPoint> points;
};

using DigitStyle = std::vector<PenStroke>;

/// digit: 0 .. 9.
[[nodiscard]] std::span<const DigitStyle> digit_styles(int digit);

}  // namespace crucible::data
