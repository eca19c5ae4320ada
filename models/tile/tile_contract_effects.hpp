// The part of the contract's table that only a device model with effects has.
#pragma once

#include <vector>

#include "models/tile/tile_contract.hpp"

namespace crucible::models {

[[nodiscard]] std::vector<PortGroup> effect_groups();

}  // namespace crucible::models
