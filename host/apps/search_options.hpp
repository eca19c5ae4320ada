// The options of `crucible search`, for its two kinds: on the twin, and with hardware in the loop.
#pragma once

#include <filesystem>
#include <string>

#include "host/apps/bound_options.hpp"
#include "host/apps/bracket_options.hpp"
#include "host/apps/command.hpp"
#include "host/experiment/in_loop.hpp"
#include "host/search/checkpoint.hpp"

namespace crucible::apps {

struct SearchOptions {
  std::string method = "auto";
  double bound = 0.03;
  BoundOptions convention;
  std::string on = "test", space = "weight";
  int images = 0;
  search::SearchSettings settings;
  bool resume = false, restart = false;
  int chips = 0;
  double sigma = 0;
  std::string name, out = "runs";
  experiment::InLoopSettings in_loop;
  RankOptions ranks;
  BracketOptions bracket;

  void add_to(CLI::App& command);
  /// Throws crucible::Error(kUsage) for names that are not known, and for options that the method
  /// does not take.
  void check() const;
  /// The row's configuration. Throws crucible::Error(kUsage).
  [[nodiscard]] experiment::SearchConfig row(const experiment::TileConfig& tile) const;
  [[nodiscard]] std::filesystem::path folder(const std::string& result) const {
    return std::filesystem::path(out) / result;
  }
  [[nodiscard]] bool monte_carlo() const { return method == "monte-carlo"; }
};

/// Beside the result folder. One that is there stops the command unless it says what to do with it.
[[nodiscard]] search::CheckpointFile checkpoint_file(const std::filesystem::path& folder,
                                                     const SearchOptions& options,
                                                     IWorkers* workers);
/// A rank may have been interrupted alone; then the search has told all of them.
void end_result(Program& program, experiment::RunResult& result, double seconds);
/// What a search that did not finish says below its table.
[[nodiscard]] std::string ending(const experiment::RunResult& result,
                                 const search::CheckpointFile& checkpoint);

/// The device stands in the loop: found and measured there.
void search_in_loop(Program& program, const SearchOptions& options);

}  // namespace crucible::apps
