// What random chips do to a network: the experiment's Monte Carlo on the model.
#pragma once

#include <functional>

#include "host/experiment/i_reporter.hpp"
#include "host/experiment/run_result.hpp"
#include "host/experiment/workbench.hpp"

namespace crucible::experiment {

/// The box that config.monte_carlo draws from. Throws crucible::Error(kUsage) when no grid can hold
/// its bound.
[[nodiscard]] models::WeightBox chance_box(const Workbench& bench);

/// The outcome of config.monte_carlo before any chip is evaluated: its network compiled on the grid
/// of its bound. Throws crucible::Error(kUsage) when the grid cannot hold the bound.
[[nodiscard]] MonteCarloOutcome chance_outcome(Workbench& bench);

/// Random chip number `chip`, drawn from config.seed + chip.
[[nodiscard]] models::ChipOffsets draw_chip(const Workbench& bench,
                                            const MonteCarloOutcome& outcome, int chip);

/// Evaluates all chips on the model and reports; ends early, with the chips so far, once `ended`.
void evaluate_chips(const Workbench& bench, MonteCarloOutcome& outcome, IReporter& reporter,
                    const std::function<bool()>& ended);

}  // namespace crucible::experiment
