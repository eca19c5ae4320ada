// A run's result as JSON: result.json (always the same for the same experiment) and timing.json
// (what differs).
#pragma once

#include <nlohmann/json.hpp>

#include "host/experiment/run_result.hpp"
#include "host/experiment/workbench.hpp"

namespace crucible::experiment {

[[nodiscard]] nlohmann::ordered_json result_json(const Workbench& bench, const RunResult& result);
[[nodiscard]] nlohmann::ordered_json timing_json(const Workbench& bench, const RunResult& result);

/// A bound with its convention: value, convention, idle, and the sentence.
[[nodiscard]] nlohmann::ordered_json bound_json(const models::VariationBound& bound);
/// Images, correct, accuracy.
[[nodiscard]] nlohmann::ordered_json evaluation_json(const eval::Evaluation& evaluation);
[[nodiscard]] nlohmann::ordered_json identity_json(const driver::Identity& identity);
/// Root of the mean square of a layer's weights over its largest: the outlier on which the bound
/// hangs.
[[nodiscard]] double rms_over_w_max(const models::QuantisedNetwork& network, size_t layer);

}  // namespace crucible::experiment
