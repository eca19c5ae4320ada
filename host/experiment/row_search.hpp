// One row of the table: search in its box, realise the result on the cells, evaluate it on the
// model.
#pragma once

#include <deque>

#include "host/experiment/i_reporter.hpp"
#include "host/experiment/run_result.hpp"
#include "host/experiment/workbench.hpp"
#include "host/search/checkpoint.hpp"

namespace crucible::experiment {

/// The network as it was trained: no offsets, injection off.
[[nodiscard]] RowOutcome clean_row(Workbench& bench);

/// The problem of a row: its images, and the box, which it borrows.
[[nodiscard]] search::SearchProblem search_problem(const Workbench& bench,
                                                   const SearchConfig& config,
                                                   const models::WeightBox& box);
/// Shows a search's iterations; ends it when the reporter is interrupted.
[[nodiscard]] search::Progress search_progress(IReporter& reporter, const std::string& activity);

/// Searches (or takes the search of an earlier row whose box, images and method are the same) and
/// fills everything but the model's and the hardware's evaluations. `done` are the rows so far.
/// Ends early when the reporter is interrupted. With a checkpoint the search can be resumed.
[[nodiscard]] RowOutcome search_row(Workbench& bench, const SearchConfig& config,
                                    const std::deque<RowOutcome>& done, IReporter& reporter,
                                    search::CheckpointFile* checkpoint = nullptr);

/// Accuracy over config.images.model test images, on the model.
void evaluate_row(Workbench& bench, RowOutcome& row);

}  // namespace crucible::experiment
