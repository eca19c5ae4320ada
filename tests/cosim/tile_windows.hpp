// The windows of the tile and their sizes, for tests: written from docs/register_map.md, beside the
// device model's own.
#pragma once

#include <algorithm>
#include <array>

#include "spec/gen/crucible_spec.hpp"

namespace crucible::sim {

struct TileWindow {
  uint32_t address;
  uint32_t words;
  bool writable;
  bool effects;  ///< only configurations with effects have it
};

/// All of them, those that the configuration may not have too.
inline std::array<TileWindow, 11> tile_windows(const spec::HardwareConfig& config) {
  const auto u = [](int value) { return static_cast<uint32_t>(value); };
  const uint32_t level_words = u(config.banks * config.rows * std::max(1, config.cols / 16));
  return {{{spec::kWindowAdcOffset, u(config.cols), true, false},
           {spec::kWindowColumnTable, u(config.cols), true, true},
           {spec::kWindowRowTable, u(config.rows), true, true},
           {spec::kWindowAdcInl, u(4 * config.cols), true, true},
           {spec::kWindowDacInl, u(4 * config.rows), true, true},
           {spec::kWindowInput, u(config.in_words), true, false},
           {spec::kWindowOutputLo, u(config.out_words), false, false},
           {spec::kWindowOutputHi, u(config.out_words), false, false},
           {spec::kWindowLevel, level_words, true, false},
           {spec::kWindowOffset, u(config.banks * config.rows * config.cols / 4), true, false},
           {spec::kWindowStuck, level_words, true, true}}};
}

}  // namespace crucible::sim
