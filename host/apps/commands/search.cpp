// `crucible search`: one search, measured on the model.
#include <fmt/format.h>

#include "host/apps/search_options.hpp"
#include "host/base/workers.hpp"
#include "host/experiment/bracket.hpp"
#include "host/experiment/chance.hpp"
#include "host/experiment/result_folder.hpp"
#include "host/experiment/result_json.hpp"
#include "host/experiment/result_table.hpp"
#include "host/experiment/row_search.hpp"
#include "host/experiment/stopwatch.hpp"
#include "host/search/device/registry.hpp"

namespace crucible::apps {
namespace {

/// Random chips instead of a search: the experiment's Monte Carlo with the options' bound.
void configure_chance(const SearchOptions& options, experiment::ExperimentConfig& config) {
  config.monte_carlo.bound = config.searches.front().bound;
  if (options.images > 0) config.monte_carlo.images = options.images;
  if (options.chips > 0) config.monte_carlo.chips = options.chips;
  if (options.sigma > 0) config.monte_carlo.sigma = options.sigma;
  config.monte_carlo.hardware_chips = 0;
  config.searches.clear();
}

void search_rows(Program& program, experiment::Workbench& bench, experiment::RunResult& result,
                 search::CheckpointFile& checkpoint) {
  experiment::Brackets brackets(bench);
  for (const experiment::SearchConfig& config : result.config.searches) {
    result.rows.push_back(
        experiment::search_row(bench, config, result.rows, program.reporter(), &checkpoint));
    experiment::RowOutcome& row = result.rows.back();
    experiment::evaluate_row(bench, row);
    if (!program.reporter().interrupted()) brackets.add(row);
    program.reporter().finish(
        "search " + row.config.name,
        fmt::format("search {} ended after {:.1f} s", row.config.name, row.search_s));
  }
}

void search(Program& program, const SearchOptions& options) {
  options.check();
  if (search::is_device_method(options.method)) return search_in_loop(program, options);
  experiment::ExperimentConfig config = program.options().resolve();
  options.bracket.apply_to(config.bracket);
  config.name = options.name.empty() ? "search-" + options.method : options.name;
  config.searches = {options.row(config.tile)};
  config.tile = config.searches.front().tile;
  if (options.monte_carlo()) {
    configure_chance(options, config);
  } else if (options.images > 0) {
    config.images.search = options.images;
  }
  const std::filesystem::path folder = options.folder(config.name);
  IWorkers* workers = program.start_workers(options.ranks);
  search::CheckpointFile checkpoint = checkpoint_file(folder, options, workers);
  experiment::Workbench bench(config, workers);
  experiment::RunResult result;
  result.config = config;
  const experiment::Stopwatch watch;
  result.rows.push_back(experiment::clean_row(bench));
  experiment::evaluate_row(bench, result.rows.back());
  if (options.monte_carlo()) {
    experiment::evaluate_chips(bench, result.monte_carlo.emplace(experiment::chance_outcome(bench)),
                               program.reporter(),
                               [&] { return program.reporter().interrupted(); });
  }
  search_rows(program, bench, result, checkpoint);
  end_result(program, result, watch.seconds());
  if (is_first(workers)) experiment::write_result_folder(folder, bench, result);
  program.output(experiment::result_json(bench, result),
                 fmt::format("\n{}\n{}Result folder: {}\n",
                             experiment::results_table(result, experiment::TableStyle::kTerminal),
                             ending(result, checkpoint), folder.string()));
}

}  // namespace

void add_search(Program& program) {
  auto options = std::make_shared<SearchOptions>();
  CLI::App& command = program.add_command(
      "search", "Search the worst chip within a bound, and measure it on the model",
      "  crucible search --method margin-ascent --bound 0.03 --convention weight\n"
      "  crucible search --bound 0.09 --convention device --idle drifts --base 32\n"
      "  crucible search --method weight-pgd --images 2000 --effort 0.5 --name quick-look\n"
      "  crucible search --method monte-carlo --bound 0.03 --chips 1000 --sigma 0.5\n"
      "  crucible search --method straight-through --from auto --address sim:rtl\n"
      "  mpirun -n 4 --bind-to none crucible search --bound 0.03",
      [&program, options] { search(program, *options); }, Ranks::kMany);
  options->add_to(command);
}

}  // namespace crucible::apps
