// What SELFTEST.ramp reports: docs/numerics.md, "Self-test".
#pragma once

#include <cstdint>

#include "models/tile/tile_settings.hpp"

namespace crucible::models {

struct RampResult {
  uint32_t worst = 0;      ///< largest |code - k|
  uint32_t differing = 0;  ///< codes that differ from k, at most 65535
  friend bool operator==(const RampResult&, const RampResult&) = default;
};

/// The ramp over the ADCs of `cols` physical columns; quantising in every mode.
[[nodiscard]] RampResult adc_ramp(const TileSettings& settings, int cols);

}  // namespace crucible::models
