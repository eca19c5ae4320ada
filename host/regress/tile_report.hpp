// What is said about a tile: to the person, and to the bench.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "host/regress/outcome.hpp"
#include "host/regress/tile_config.hpp"

namespace crucible::regress {

/// The report's head, without outcomes.
[[nodiscard]] Regression describe_tile(const TileConfig& config, uint64_t seed);
/// What the bench reads (sim/tile_bench/dut.hpp).
[[nodiscard]] nlohmann::ordered_json dut_json(const TileConfig& config);
/// The result in a sentence: of what failed, the most basic check.
[[nodiscard]] std::string ladder_headline(const Regression& result);

}  // namespace crucible::regress
