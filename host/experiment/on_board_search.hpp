// A search that the board's own core runs: box and images in, the worst chip found out. Between
// them nothing passes the wire but the question whether it is done.
#pragma once

#include "host/driver/accelerator.hpp"
#include "host/eval/evaluation.hpp"
#include "host/experiment/i_reporter.hpp"
#include "host/experiment/run_result.hpp"
#include "host/experiment/workbench.hpp"
#include "host/search/device/run_device_search.hpp"

namespace crucible::experiment {

struct OnBoardOutcome {
  search::DeviceSearchResult result;  ///< its bytes are zero: no offsets were sent
  int clean_correct = 0;              ///< where no weight changes
  uint64_t wire_bytes = 0;            ///< to the device, from the start of the search to its end
};

/// The methods that firmware knows; for messages.
[[nodiscard]] bool runs_on_board(const std::string& method);

/// `truth` is the network as the device holds it, with offsets of zero (DeviceInLoop leaves it so);
/// `start` as in DeviceProblem. Throws
/// crucible::Error: kUsage for a method that firmware does not know, several ranks, or a network or
/// images that the board does not hold, else what the board throws. Interrupted, it throws.
[[nodiscard]] OnBoardOutcome search_on_board(const Workbench& bench, const SearchConfig& config,
                                             const models::WeightBox& box,
                                             const models::CompiledNetwork& truth,
                                             eval::LabelledImages images,
                                             const models::WeightDelta& start,
                                             driver::Accelerator& device, IReporter& reporter);

}  // namespace crucible::experiment
