// A compiled network as the block of words that firmware runs: firmware/interface/network_block.h.
#pragma once

#include <cstdint>
#include <vector>

#include "host/driver/identity.hpp"
#include "models/network/compiled_network.hpp"

namespace crucible::board {

/// Throws crucible::Error(kUsage) saying what is missing where the network does not fit the device:
/// banks and cells, layers, or words of the tile's buffers.
[[nodiscard]] std::vector<uint32_t> make_network_block(const models::CompiledNetwork& network,
                                                       const driver::Identity& device);

}  // namespace crucible::board
