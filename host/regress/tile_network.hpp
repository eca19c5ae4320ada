// The network that a tile must run: compiled for the tile's geometry, with as many banks as it
// takes, and one random chip.
#pragma once

#include <cstdint>

#include "host/experiment/experiment_config.hpp"
#include "host/regress/tile_config.hpp"
#include "models/network/network_job.hpp"

namespace crucible::regress {

/// Network and images come from the experiment's data and network. Throws crucible::Error.
[[nodiscard]] models::NetworkJob make_network_job(const TileConfig& tile,
                                                  const experiment::ExperimentConfig& experiment,
                                                  uint64_t seed);

}  // namespace crucible::regress
