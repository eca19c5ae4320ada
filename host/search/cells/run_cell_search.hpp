// The second mode of a search: a method finds a point weight by weight on the float twin, and the
// refinement goes on cell by cell in the integer pipeline. One search, one checkpoint.
#pragma once

#include <string>

#include "host/search/run_search.hpp"
#include "models/mapping/placement.hpp"

namespace crucible::search {

struct CellSearchResult {
  SearchResult search;          ///< accuracy is the judge's at `offsets`; delta is what these do to
                                ///< the weights where slices are linear
  models::ChipOffsets offsets;  ///< the chip: delta alone does not say which slice moved
  int first_correct = 0;        ///< the point found weight by weight, realised, by the judge
  int correct = 0;              ///< the chip, by the judge
  int measurements = 0;         ///< of all the images
};

/// As run_search. `method` is one of methods(). Throws crucible::Error(kUsage) for a problem
/// without a pipeline: it is the judge.
[[nodiscard]] CellSearchResult run_cell_search(const SearchProblem& problem,
                                               const std::string& method,
                                               const SearchSettings& settings = {},
                                               const Progress& progress = {},
                                               CheckpointFile* checkpoint = nullptr);

}  // namespace crucible::search
