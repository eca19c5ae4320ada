// Draws polylines with a round pen on a small grey canvas; integers only.
#pragma once

#include <cstdint>
#include <vector>

#include "host/data/digit_styles.hpp"

namespace crucible::data {

/// Canvas coordinates: kSubpixel to a pixel; the centre of pixel (0, 0) is at (kSubpixel / 2,
/// kSubpixel / 2).
inline constexpr int kSubpixel = 64;

class Canvas {
 public:
  Canvas(int width, int height);
  void clear();
  /// Lays a line under the pen; the darkest of all lines counts.
  void line(PenPoint from, PenPoint to);
  /// Grey value of every pixel: `ink` within `radius` (subpixels) of a line, falling to 0 over one
  /// pixel.
  void develop(int radius, int ink, uint8_t* pixels) const;

 private:
  int width_, height_;
  std::vector<int> nearest_;  // squared distance to the nearest line, subpixels
};

/// Cuts every corner at a quarter of its edges (Chaikin), `rounds` times; the ends stay.
[[nodiscard]] std::vector<PenPoint> cut_corners(std::vector<PenPoint> points, int rounds);

}  // namespace crucible::data
