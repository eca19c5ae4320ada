// The main job: clean, random chips, every search, each measured on the device while the next
// search goes on.
#pragma once

#include "host/experiment/i_reporter.hpp"
#include "host/experiment/run_result.hpp"
#include "host/experiment/workbench.hpp"

namespace crucible::experiment {

/// Device and model must agree on every logit of every image; throws crucible::Error(kMismatch)
/// where they do not, and whatever the device throws. When the reporter is interrupted, the result
/// holds what was finished by then and says so.
[[nodiscard]] RunResult run_experiment(Workbench& bench, IReporter& reporter);

}  // namespace crucible::experiment
