// `crucible regress --tile`: builds the bench around a user's tile and asks it check by check.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "host/regress/child_process.hpp"
#include "host/regress/outcome.hpp"
#include "host/regress/tile_config.hpp"
#include "models/network/network_job.hpp"

namespace crucible::regress {

struct TileRun {
  std::filesystem::path folder;
  uint64_t seed = 1;
  int jobs = 1;
  std::vector<std::string> checks;  ///< only these; empty: all
  std::string command;              ///< `crucible regress` with its files, to repeat a check
  std::optional<models::NetworkJob> network;
};

/// Leaves report.json, report.html, junit.xml, build/, logs/ and waves/ in the folder. A tile that
/// does not elaborate, hangs or crashes is an outcome, not an error. `tell` hears of each outcome.
/// Throws crucible::Error(kUsage) for an unknown check.
[[nodiscard]] Regression regress_tile(const TileConfig& config, const TileRun& run,
                                      const Stop& stop,
                                      const std::function<void(const Outcome&)>& tell);

}  // namespace crucible::regress
