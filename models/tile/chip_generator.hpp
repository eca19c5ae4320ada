// Chips made from a seed on the tile, and write-verify there: docs/numerics.md, "Chips made from a
// seed" and "Write-verify on the tile".
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace crucible::models {

enum class OffsetShape : uint8_t { kGaussian, kTruncated, kRightCensored };

/// The registers GEN_* and VERIFY*.
struct GeneratorSettings {
  std::array<uint16_t, 4> sigma{};  ///< by level, u8.8 offset LSB
  OffsetShape kind = OffsetShape::kGaussian;
  int limit = 3 << 8;        ///< u4.8 standard deviations, 128 .. 4095; not of the Gaussian
  uint16_t off_rate = 0;     ///< u0.16; the two rates make at most 65535 together
  uint16_t on_rate = 0;      ///< 〃
  int tolerance = 0;         ///< offset LSB, 0 .. 127
  int pulses = 0;            ///< most pulses a cell, 0 .. 255; 0 is no write-verify
  uint16_t pulse_step = 0;   ///< u8.8 offset LSB, mean
  uint16_t pulse_sigma = 0;  ///< u8.8 offset LSB, from pulse to pulse
  uint64_t seed = 0;
};

/// Offset of every cell. levels[c]: level of cell c = (bank * rows + row) * cols + column. Adds to
/// `pulses` and to `unverified`; to `redraws` how often the hardware draws again for four cells at
/// once, which sets its time. Throws crucible::Error(kUsage) on a value out of range.
[[nodiscard]] std::vector<int8_t> generate_offsets(std::span<const uint8_t> levels,
                                                   const GeneratorSettings& settings,
                                                   uint64_t& pulses, uint64_t& unverified,
                                                   uint64_t* redraws = nullptr);

/// Stuck state of every cell: 0 free, 1 off, 2 on. Throws crucible::Error(kUsage) on a value out of
/// range.
[[nodiscard]] std::vector<uint8_t> generate_stuck(size_t cells, const GeneratorSettings& settings);

}  // namespace crucible::models
