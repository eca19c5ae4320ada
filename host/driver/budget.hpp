// How many clock cycles the device may take before it counts as hung: outer guards, not
// predictions.
#pragma once

#include <algorithm>
#include <cstdint>

#include "models/mapping/placement.hpp"
#include "models/tile/chip_generator.hpp"
#include "models/tile/tile_settings.hpp"

namespace crucible::driver {

[[nodiscard]] constexpr uint32_t clipped_budget(uint64_t cycles) {
  return static_cast<uint32_t>(std::min<uint64_t>(cycles, 0xFFFF'FFFF));
}

/// Four times what the slowest tile takes: a cell a cycle and some for each column's conversion;
/// with noise cell by cell a row takes a cycle for each of the tile's columns.
[[nodiscard]] inline uint32_t job_budget(const models::TileGeometry& geometry,
                                         const models::BankPlacement& bank, int count,
                                         models::ReadNoise noise) {
  const auto rows = static_cast<uint64_t>(bank.inputs);
  const uint64_t cols = 4 * static_cast<uint64_t>(bank.outputs);
  const uint64_t noisy =
      noise == models::ReadNoise::kCell ? rows * (static_cast<uint64_t>(geometry.cols) + 16) : 0;
  return clipped_budget(
      4 * static_cast<uint64_t>(count) * (std::max(noisy, cols * (rows + 16)) + 16) + 1000);
}

/// Each cell with all the draws and pulses that it may need.
[[nodiscard]] inline uint32_t generation_budget(const models::TileGeometry& geometry,
                                                const models::GeneratorSettings& settings) {
  constexpr uint64_t kMostAttempts = 16, kDrawCycles = 16;
  return clipped_budget(geometry.cells() * kDrawCycles *
                            (kMostAttempts + 1 + static_cast<uint64_t>(settings.pulses)) +
                        100'000);
}

/// Ten passes over words of four cells, and a ramp of 12 bits over every column.
[[nodiscard]] inline uint32_t self_test_budget(const models::TileGeometry& geometry) {
  return clipped_budget(geometry.cells() * 40 + static_cast<uint64_t>(geometry.cols) * 4096 * 16 +
                        100'000);
}

}  // namespace crucible::driver
