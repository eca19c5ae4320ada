#include "host/data/pen.hpp"

#include <algorithm>

namespace crucible::data {

namespace {

constexpr int kReach = 3 * kSubpixel;  // no pen is wider
constexpr int kFar = 4 * kReach * kReach;

int square_root(int value) {  // floor
  int root = 0;
  for (int bit = 1 << 14; bit > 0; bit >>= 1)
    if ((root + bit) * (root + bit) <= value) root += bit;
  return root;
}

}  // namespace

Canvas::Canvas(int width, int height)
    : width_(width),
      height_(height),
      nearest_(static_cast<size_t>(width) * static_cast<size_t>(height), kFar) {}

void Canvas::clear() { std::fill(nearest_.begin(), nearest_.end(), kFar); }

void Canvas::line(PenPoint from, PenPoint to) {
  const int dx = to.x - from.x, dy = to.y - from.y;
  const int64_t length = int64_t{dx} * dx + int64_t{dy} * dy;
  const auto first = [](int a, int b) {
    return std::max(0, (std::min(a, b) - kReach) / kSubpixel);
  };
  const auto last = [](int a, int b, int size) {
    return std::min(size - 1, (std::max(a, b) + kReach) / kSubpixel);
  };
  for (int y = first(from.y, to.y); y <= last(from.y, to.y, height_); ++y) {
    for (int x = first(from.x, to.x); x <= last(from.x, to.x, width_); ++x) {
      const int px = x * kSubpixel + kSubpixel / 2 - from.x;
      const int py = y * kSubpixel + kSubpixel / 2 - from.y;
      const int64_t along = std::clamp<int64_t>(int64_t{px} * dx + int64_t{py} * dy, 0, length);
      const int ex = px - (length > 0 ? static_cast<int>(along * dx / length) : 0);
      const int ey = py - (length > 0 ? static_cast<int>(along * dy / length) : 0);
      int& nearest =
          nearest_[static_cast<size_t>(y) * static_cast<size_t>(width_) + static_cast<size_t>(x)];
      nearest = std::min(nearest, ex * ex + ey * ey);
    }
  }
}

void Canvas::develop(int radius, int ink, uint8_t* pixels) const {
  for (size_t i = 0; i < nearest_.size(); ++i) {
    const int edge = radius + kSubpixel / 2 - square_root(nearest_[i]);
    pixels[i] = static_cast<uint8_t>(std::clamp(edge, 0, kSubpixel) * ink / kSubpixel);
  }
}

std::vector<PenPoint> cut_corners(std::vector<PenPoint> points, int rounds) {
  for (int round = 0; round < rounds; ++round) {
    std::vector<PenPoint> cut{points.front()};
    for (size_t i = 0; i + 1 < points.size(); ++i) {
      const PenPoint a = points[i], b = points[i + 1];
      if (i > 0) cut.push_back({(3 * a.x + b.x) / 4, (3 * a.y + b.y) / 4});
      if (i + 2 < points.size()) cut.push_back({(a.x + 3 * b.x) / 4, (a.y + 3 * b.y) / 4});
    }
    cut.push_back(points.back());
    points = std::move(cut);
  }
  return points;
}

}  // namespace crucible::data
