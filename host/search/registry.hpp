// The search methods by name.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "host/search/arena.hpp"
#include "host/search/i_search.hpp"

namespace crucible::search {

struct MethodEntry {
  std::string name;     ///< as on the command line
  std::string summary;  ///< one sentence with its source
  std::unique_ptr<ISearch> (*make)(Arena& arena, const SearchSettings& settings);
  bool in_pipeline = false;  ///< ends in the problem's pipeline
};

/// All methods, one line each in registry.cpp.
[[nodiscard]] std::span<const MethodEntry> methods();
/// Throws crucible::Error(kUsage) listing the known names.
[[nodiscard]] const MethodEntry& find_method(const std::string& name);

// Each is defined in the file of its name in method/.
[[nodiscard]] std::unique_ptr<ISearch> make_random_vertex(Arena& arena, const SearchSettings&);
[[nodiscard]] std::unique_ptr<ISearch> make_weight_pgd(Arena& arena, const SearchSettings&);
[[nodiscard]] std::unique_ptr<ISearch> make_cw_penalty(Arena& arena, const SearchSettings&);
[[nodiscard]] std::unique_ptr<ISearch> make_margin_ascent(Arena& arena, const SearchSettings&);
[[nodiscard]] std::unique_ptr<ISearch> make_climb(Arena& arena, const SearchSettings&);
[[nodiscard]] std::unique_ptr<ISearch> make_auto(Arena& arena, const SearchSettings&);

/// Steps of a method scaled by the effort, at least one.
[[nodiscard]] int scaled(int steps, const SearchSettings& settings);

}  // namespace crucible::search
