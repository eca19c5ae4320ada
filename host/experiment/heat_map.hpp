// Arrays of positive values as PNG images, colours on a logarithmic scale. Equal data give equal
// bytes.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <span>

namespace crucible::experiment {

/// Colours span this factor below the largest value; what is smaller looks like the smallest.
inline constexpr double kHeatRange = 1e4;

/// Red, green, blue: black at 0, then blue over red to bright yellow at `largest` (or above).
[[nodiscard]] std::array<uint8_t, 3> heat_colour(double value, double largest);

/// values: [rows][cols], one square of pixels each, so that the longer side has at least 512
/// pixels. Throws crucible::Error: kData where the file cannot be written, kInternal for a wrong
/// size.
void write_heat_map(const std::filesystem::path& file, int rows, int cols,
                    std::span<const double> values, double largest);

}  // namespace crucible::experiment
