// One search with the device in its loop: what `crucible search` does for the methods that measure.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "host/experiment/i_reporter.hpp"
#include "host/experiment/run_result.hpp"
#include "host/experiment/workbench.hpp"
#include "host/search/device/run_device_search.hpp"

namespace crucible::experiment {

struct InLoopSettings {
  /// ADC offsets that an emulated device gets and the search is not told, levels; 0: none.
  double hidden_adc = 0;
  /// A method on the twin whose solution is transferred as the start; empty: no weight changes.
  std::string from;
  bool on_board = false;  ///< firmware runs the search, without the host in the loop
};

struct InLoopOutcome {
  search::DeviceSearchResult result;
  RowOutcome row;         ///< the chip found, as the host knows the tile; not yet evaluated
  std::string device;     ///< its identity
  int images = 0;         ///< measured, and searched on
  int clean_correct = 0;  ///< on the device where no weight changes
  /// In the device's own pipeline, hidden ADC offsets included, on the images that it measured.
  /// Nothing where the device's answers are not those of that pipeline.
  std::optional<AccuracyBracket> bracket;
  bool on_board = false;
  /// Of updates; on the board, of the whole search. Zero without a wire.
  uint64_t wire_bytes = 0;
  double seconds = 0;
};

/// Searches on the bench's device with config.images.search test or training images. Throws
/// crucible::Error. With a checkpoint the search can be resumed on the same device.
[[nodiscard]] InLoopOutcome search_in_loop(Workbench& bench, const SearchConfig& config,
                                           const InLoopSettings& settings, IReporter& reporter,
                                           search::CheckpointFile* checkpoint = nullptr);

/// For a person, and for a program (schema crucible.in-loop/1).
[[nodiscard]] std::string in_loop_text(const InLoopOutcome& outcome, const SearchConfig& config);
[[nodiscard]] nlohmann::ordered_json in_loop_json(const InLoopOutcome& outcome,
                                                  const SearchConfig& config);

}  // namespace crucible::experiment
