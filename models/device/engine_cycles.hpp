// How long the layer engine takes, by its RTL (rtl/engine/README.md, "Latency"): it does not depend
// on what it computes.
#pragma once

#include <cstdint>
#include <span>

#include "models/device/engine_layer.hpp"

namespace crucible::models {

struct EngineCycles {
  uint64_t all = 0;   ///< ENGINE_CYCLES
  uint64_t tile = 0;  ///< ENGINE_TILE_CYCLES
};

/// Of a run of `images` images over legal layers while nobody else uses board memory. `cell_noise`:
/// the tile draws noise cell by cell.
[[nodiscard]] EngineCycles engine_cycles(const spec::HardwareConfig& config,
                                         std::span<const EngineDescriptor> layers, uint32_t images,
                                         bool cell_noise);

/// Of a run in which the descriptor of layer `refused` is refused.
[[nodiscard]] uint64_t engine_refusal_cycles(uint32_t refused);

}  // namespace crucible::models
