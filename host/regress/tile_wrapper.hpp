// The SystemVerilog between the bench and a user's tile: always the same ports to the bench, only
// the declared ones to the tile.
#pragma once

#include <string>

#include "host/regress/tile_config.hpp"

namespace crucible::regress {

inline constexpr const char* kWrapperModule = "crucible_dut";

[[nodiscard]] std::string tile_wrapper(const TileConfig& config);

}  // namespace crucible::regress
