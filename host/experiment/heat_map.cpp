#include "host/experiment/heat_map.hpp"

#include <fmt/format.h>
#include <png.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "models/error.hpp"

namespace crucible::experiment {
namespace {

constexpr int kLeastPixels = 512;

using Colour = std::array<uint8_t, 3>;
/// From kHeatRange below the largest value to the largest; brightness rises all the way, so that
/// the image reads in grey as well.
constexpr std::array<Colour, 5> kRamp = {
    {{20, 11, 53}, {101, 21, 110}, {187, 55, 84}, {249, 142, 9}, {252, 255, 164}}};

}  // namespace

Colour heat_colour(double value, double largest) {
  if (!(value > 0) || !(largest > 0)) return {0, 0, 0};
  const double at = std::clamp(1 + std::log(value / largest) / std::log(kHeatRange), 0.0, 1.0) *
                    (kRamp.size() - 1);
  const size_t low = std::min(static_cast<size_t>(at), kRamp.size() - 2);
  Colour colour;
  for (size_t c = 0; c < colour.size(); ++c) {
    colour[c] = static_cast<uint8_t>(std::lround(std::lerp(
        static_cast<double>(kRamp[low][c]), static_cast<double>(kRamp[low + 1][c]), at - low)));
  }
  return colour;
}

void write_heat_map(const std::filesystem::path& file, int rows, int cols,
                    std::span<const double> values, double largest) {
  if (rows <= 0 || cols <= 0 || values.size() != static_cast<size_t>(rows) * cols) {
    throw Error(ErrorKind::kInternal, fmt::format("heat map {}: {} values for {} x {}",
                                                  file.string(), values.size(), rows, cols));
  }
  const int side = std::max(1, (kLeastPixels + std::max(rows, cols) - 1) / std::max(rows, cols));
  std::vector<uint8_t> pixels;
  pixels.reserve(values.size() * side * side * 3);
  for (int y = 0; y < rows * side; ++y) {
    for (int x = 0; x < cols; ++x) {
      const Colour colour = heat_colour(values[static_cast<size_t>(y / side) * cols + x], largest);
      for (int i = 0; i < side; ++i) pixels.insert(pixels.end(), colour.begin(), colour.end());
    }
  }
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(cols * side);
  image.height = static_cast<png_uint_32>(rows * side);
  image.format = PNG_FORMAT_RGB;
  if (png_image_write_to_file(&image, file.c_str(), 0, pixels.data(), 0, nullptr) == 0) {
    throw Error(ErrorKind::kData, fmt::format("{}: cannot be written: {}", file.string(),
                                              static_cast<const char*>(image.message)));
  }
}

}  // namespace crucible::experiment
