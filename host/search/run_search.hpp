// Runs one search from its start, or from its checkpoint, to its end.
#pragma once

#include <string>

#include "host/search/checkpoint.hpp"
#include "host/search/problem.hpp"

namespace crucible::search {

/// Throws crucible::Error(kUsage) for an unknown method or settings that do not fit, and what
/// CheckpointFile throws. With a checkpoint the state is put away after each iteration, and a file
/// that is there is resumed; the result has the same bytes as that of a search never stopped. The
/// file is removed when the search has finished.
[[nodiscard]] SearchResult run_search(const SearchProblem& problem, const std::string& method,
                                      const SearchSettings& settings = {},
                                      const Progress& progress = {},
                                      CheckpointFile* checkpoint = nullptr);

/// The loop of run_search: advances the search to its end, its caller's or its clock's. The
/// checkpoint, where there is one, knows its identity.
[[nodiscard]] Stop drive(Arena& arena, ISearch& search, const SearchSettings& settings,
                         const Progress& progress, CheckpointFile* checkpoint);

}  // namespace crucible::search
