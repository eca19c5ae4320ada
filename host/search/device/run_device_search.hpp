// Runs one search with hardware in the loop from its start, or from its checkpoint, to its end.
#pragma once

#include <string>

#include "host/search/device/registry.hpp"
#include "host/search/run_search.hpp"

namespace crucible::search {

struct DeviceProblem {
  const SearchProblem& problem;             ///< its images are those that the device measures
  IChipEvaluator& device;                   ///< not for two searches at once
  const models::CompiledNetwork& compiled;  ///< as the host knows it
  models::WeightDelta start;                ///< empty: no weight changes
};

struct DeviceSearchResult {
  SearchResult search;  ///< accuracy is the device's, as measured at `delta`
  DeviceStatistics device;
};

/// As run_search; the checkpoint also tells devices and starts apart.
[[nodiscard]] DeviceSearchResult run_device_search(const DeviceProblem& problem,
                                                   const std::string& method,
                                                   const SearchSettings& settings = {},
                                                   const Progress& progress = {},
                                                   CheckpointFile* checkpoint = nullptr);

}  // namespace crucible::search
