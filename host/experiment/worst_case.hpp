// The bracket of a worst case: the chip without deviations above, the worst chip found, and the
// certified floor below, all in the integer pipeline.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "host/experiment/i_reporter.hpp"
#include "host/experiment/run_result.hpp"
#include "host/experiment/workbench.hpp"
#include "host/search/checkpoint.hpp"

namespace crucible::experiment {

struct WorstCase {
  int lsb_exp = 0;  ///< one offset is worth 2^-lsb_exp level
  int images = 0, clean = 0, found = 0;
  bool no_change = false;  ///< the search ended on a chip better than the one without deviations,
                           ///< which then stands as the worst found
  double search_accuracy = 0;  ///< of the float twin, on the search's images
  uint64_t gradient_evaluations = 0, count_evaluations = 0;
  std::optional<AccuracyBracket> floor;  ///< of the first images
};

/// Searches `search.bound`, evaluates what it found on config.images.model test images, and
/// certifies the first `certify_images` of them (0: none). Nothing where the reporter interrupts.
/// The bench's workers share the images.
/// Throws what make_bracket() and require_found_below_clean() throw.
[[nodiscard]] std::optional<WorstCase> find_worst_case(Workbench& bench, const SearchConfig& search,
                                                       int certify_images,
                                                       search::CheckpointFile& checkpoint,
                                                       IReporter& reporter);

/// Throws crucible::Error(kInternal), naming the row, unless found <= clean on all images.
void require_found_below_clean(const WorstCase& worst, const std::string& name);

[[nodiscard]] nlohmann::ordered_json worst_case_json(const WorstCase& worst);
/// The inverse of worst_case_json(). Throws nlohmann::json::exception.
[[nodiscard]] WorstCase worst_case_from(const nlohmann::ordered_json& json);

/// Table cells: the worst found in percent, and "certified <= found <= clean" of the floor's images
/// ("-" where none were certified).
[[nodiscard]] std::string found_text(const WorstCase& worst);
[[nodiscard]] std::string floor_text(const WorstCase& worst);

}  // namespace crucible::experiment
