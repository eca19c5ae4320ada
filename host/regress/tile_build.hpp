// A user's tile and the bench as one program: Verilator, then the C++ compiler, each with a
// deadline.
#pragma once

#include <filesystem>
#include <string>

#include "host/regress/child_process.hpp"
#include "host/regress/tile_config.hpp"

namespace crucible::regress {

struct TileBuild {
  bool good = false;
  std::string message;  ///< why not: the tool's first errors
  bool reused = false;  ///< nothing had changed
  int warnings = 0;     ///< of Verilator, about the tile
  double seconds = 0;
  std::filesystem::path bench;
};

/// Builds in `folder`, which also keeps wrapper.sv and the tools' output (build.log). Nothing is
/// done when sources, configuration and tools are those of the last time. Throws crucible::Error
/// when the program's own files are not there.
[[nodiscard]] TileBuild build_tile(const TileConfig& config, const std::filesystem::path& folder,
                                   const Stop& stop);

}  // namespace crucible::regress
