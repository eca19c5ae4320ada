// A quantised network as a folder: network.yaml (schema crucible.network/1), w_<layer>.npy,
// b_<layer>.npy. See docs/results.md.
#pragma once

#include <filesystem>

#include "models/network/network.hpp"

namespace crucible::experiment {

/// w_<layer>.npy: int8 [out_channels][fan_in], -15 .. 15; b_<layer>.npy: float32 [out_channels].
/// Throws crucible::Error (kUsage for network.yaml at file:line:column, kData for an array), naming
/// the file.
[[nodiscard]] models::QuantisedNetwork load_network(const std::filesystem::path& folder);

/// Creates the folder; the same network gives the same bytes. Throws crucible::Error(kData) when it
/// cannot be written.
void save_network(const std::filesystem::path& folder, const models::QuantisedNetwork& network);

}  // namespace crucible::experiment
