// `crucible search` with a method that has hardware in its loop.
#include <fmt/format.h>

#include "host/apps/search_options.hpp"
#include "host/base/workers.hpp"
#include "host/experiment/result_folder.hpp"
#include "host/experiment/row_search.hpp"
#include "host/experiment/stopwatch.hpp"

namespace crucible::apps {

void search_in_loop(Program& program, const SearchOptions& options) {
  constexpr int kImages = 200;
  experiment::ExperimentConfig config = program.options().resolve();
  config.images.search = options.images > 0 ? options.images : kImages;
  const experiment::SearchConfig row = options.row(config.tile);
  config.tile = row.tile;
  options.bracket.apply_to(config.bracket);
  config.name = options.name.empty() ? "search-" + options.method : options.name;
  config.searches.clear();  // those are for the twin alone
  const std::filesystem::path folder = options.folder(config.name);
  IWorkers* workers = program.start_workers(options.ranks);
  search::CheckpointFile checkpoint = checkpoint_file(folder, options, workers);
  const experiment::Stopwatch watch;
  experiment::Workbench bench(config, workers);
  experiment::RunResult result;
  result.config = config;
  result.rows.push_back(experiment::clean_row(bench));
  const experiment::InLoopOutcome outcome =
      experiment::search_in_loop(bench, row, options.in_loop, program.reporter(), &checkpoint);
  result.rows.push_back(outcome.row);
  for (experiment::RowOutcome& each : result.rows) experiment::evaluate_row(bench, each);
  end_result(program, result, watch.seconds());
  if (is_first(workers)) experiment::write_result_folder(folder, bench, result);
  nlohmann::ordered_json json = experiment::in_loop_json(outcome, row);
  json["folder"] = folder.string();
  program.output(json, fmt::format("{}{}Result folder: {} (the chip, and what the model without "
                                   "hidden offsets makes of it)\n",
                                   experiment::in_loop_text(outcome, row),
                                   ending(result, checkpoint), folder.string()));
}

}  // namespace crucible::apps
