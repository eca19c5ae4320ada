// Where a climb starts.
#pragma once

#include <span>
#include <string>

#include "host/search/search_space.hpp"

namespace crucible::search {

struct StartEntry {
  std::string name;     ///< as on the command line
  std::string summary;  ///< one sentence
  /// Share of the box (half widths) that the first half of the climb keeps to; 1: all of it.
  float first_radius;
  Point (*make)(const SearchSpace& space, uint64_t seed, uint64_t stream);
};

/// All starts.
[[nodiscard]] std::span<const StartEntry> starts();
/// Throws crucible::Error(kUsage) listing the known names.
[[nodiscard]] const StartEntry& find_start(const std::string& name);

}  // namespace crucible::search
