// How each search went: the curve as CSV and as a plot.
#pragma once

#include <string>

#include "host/experiment/run_result.hpp"

namespace crucible::experiment {

/// row,iteration,gradient_evaluations,loss,accuracy,deviation
[[nodiscard]] std::string convergence_csv(const RunResult& result);
/// Accuracy of the float twin over gradient evaluations.
[[nodiscard]] std::string convergence_svg(const RunResult& result);

}  // namespace crucible::experiment
