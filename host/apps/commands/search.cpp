// `crucible search`: one search, measured on the model.
#include <fmt/format.h>

#include "host/apps/command.hpp"
#include "host/experiment/chance.hpp"
#include "host/experiment/result_folder.hpp"
#include "host/experiment/result_json.hpp"
#include "host/experiment/result_table.hpp"
#include "host/experiment/row_search.hpp"
#include "host/experiment/stopwatch.hpp"
#include "host/search/i_search_method.hpp"
#include "models/error.hpp"

namespace crucible::apps {
namespace {

struct SearchOptions {
  std::string method = "margin-ascent";
  double bound = 0.03;
  std::string convention = "weight", idle;
  std::string realisation, adc, on = "test";
  std::optional<int> base;
  int images = 0;
  double effort = 1.0;
  int chips = 0;
  double sigma = 0;
  std::string name, out = "runs";
};

constexpr std::string_view kMonteCarlo = "monte-carlo";

experiment::SearchConfig search_config(const SearchOptions& options,
                                       const experiment::TileConfig& tile) {
  const bool weight = options.convention == "weight";
  if (weight != options.idle.empty()) {
    throw Error(ErrorKind::kUsage, weight ? "search: --idle belongs to the conventions device and "
                                            "full-scale; leave it out with weight"
                                          : "search: a device bound must say with --idle "
                                            "fixed|drifts whether idle devices drift");
  }
  experiment::SearchConfig config;
  config.name = options.method;
  config.method = options.method;
  config.bound = experiment::make_bound(options.bound, options.convention, options.idle);
  config.tile = tile;
  if (!options.realisation.empty()) {
    config.tile.realisation =
        options.realisation == "pair" ? models::Realisation::kPair : models::Realisation::kActive;
  }
  if (!options.adc.empty()) config.tile.transparent = options.adc == "transparent";
  if (options.base) config.tile.base = *options.base;
  config.on = options.on == "train" ? experiment::SearchOn::kTrain : experiment::SearchOn::kTest;
  config.effort = options.effort;
  return config;
}

/// Random chips instead of a search: the experiment's Monte Carlo with the options' bound.
void configure_chance(const SearchOptions& options, experiment::ExperimentConfig& config) {
  config.monte_carlo.bound = config.searches.front().bound;
  if (options.images > 0) config.monte_carlo.images = options.images;
  if (options.chips > 0) config.monte_carlo.chips = options.chips;
  if (options.sigma > 0) config.monte_carlo.sigma = options.sigma;
  config.monte_carlo.hardware_chips = 0;
  config.searches.clear();
}

void search_rows(Program& program, experiment::Workbench& bench, experiment::RunResult& result) {
  for (const experiment::SearchConfig& config : result.config.searches) {
    result.rows.push_back(experiment::search_row(bench, config, result.rows, program.reporter()));
    experiment::RowOutcome& row = result.rows.back();
    experiment::evaluate_row(bench, row);
    program.reporter().finish(
        "search " + row.config.name,
        fmt::format("search {} ended after {:.1f} s", row.config.name, row.search_s));
  }
}

void search(Program& program, const SearchOptions& options) {
  const bool chance = options.method == kMonteCarlo;
  if (!chance) {
    static_cast<void>(search::make_method(options.method));
    if (options.chips > 0 || options.sigma > 0) {
      throw Error(ErrorKind::kUsage,
                  fmt::format("search: --chips and --sigma belong to monte-carlo; leave them out "
                              "with {}",
                              options.method));
    }
  }
  experiment::ExperimentConfig config = program.options().resolve();
  config.name = options.name.empty() ? "search-" + options.method : options.name;
  config.searches = {search_config(options, config.tile)};
  config.tile = config.searches.front().tile;
  if (chance) {
    configure_chance(options, config);
  } else if (options.images > 0) {
    config.images.search = options.images;
  }
  experiment::Workbench bench(config);
  experiment::RunResult result;
  result.config = config;
  const experiment::Stopwatch watch;
  result.rows.push_back(experiment::clean_row(bench));
  experiment::evaluate_row(bench, result.rows.back());
  if (chance) {
    experiment::evaluate_chips(bench, result.monte_carlo.emplace(experiment::chance_outcome(bench)),
                               program.reporter(),
                               [&] { return program.reporter().interrupted(); });
  }
  search_rows(program, bench, result);
  result.interrupted = program.reporter().interrupted();
  result.total_s = watch.seconds();
  const std::filesystem::path folder = std::filesystem::path(options.out) / config.name;
  experiment::write_result_folder(folder, bench, result);
  program.output(
      experiment::result_json(bench, result),
      fmt::format("\n{}\n{}Result folder: {}\n",
                  experiment::results_table(result, experiment::TableStyle::kTerminal),
                  result.interrupted ? "INTERRUPTED: the best point found by then.\n" : "",
                  folder.string()));
}

}  // namespace

void add_search(Program& program) {
  auto options = std::make_shared<SearchOptions>();
  CLI::App& command = program.add_command(
      "search", "Search the worst chip within a bound, and measure it on the model",
      "  crucible search --method margin-ascent --bound 0.03 --convention weight\n"
      "  crucible search --bound 0.09 --convention device --idle drifts --base 32\n"
      "  crucible search --method weight-pgd --images 2000 --effort 0.5 --name quick-look\n"
      "  crucible search --method monte-carlo --bound 0.03 --chips 1000 --sigma 0.5",
      [&program, options] { search(program, *options); });
  command
      .add_option("--method", options->method,
                  "Method ('crucible info' lists them), or monte-carlo")
      ->type_name("NAME")
      ->capture_default_str();
  command.add_option("--bound", options->bound, "How far a weight or device may move")
      ->type_name("X")
      ->check(CLI::Range(0.0, 3.0))
      ->capture_default_str();
  command
      .add_option("--convention", options->convention,
                  "weight (fraction of the layer's largest weight), device (levels), full-scale")
      ->check(CLI::IsMember({"weight", "device", "full-scale"}))
      ->type_name("WORD")
      ->capture_default_str();
  command
      .add_option("--idle", options->idle,
                  "Device conventions: idle devices of a pair are fixed or drift")
      ->check(CLI::IsMember({"fixed", "drifts"}))
      ->type_name("WORD");
  command.add_option("--realisation", options->realisation, "pair, or active cells only")
      ->check(CLI::IsMember({"pair", "active"}))
      ->type_name("WORD");
  command.add_option("--base", options->base, "Level 0 above the lower rail, in 2^-8 level")
      ->check(CLI::Range(0, 255))
      ->type_name("N");
  command.add_option("--adc", options->adc, "calibrated or transparent")
      ->check(CLI::IsMember({"calibrated", "transparent"}))
      ->type_name("WORD");
  command.add_option("--on", options->on, "Search on test or training images")
      ->check(CLI::IsMember({"test", "train"}))
      ->type_name("WORD")
      ->capture_default_str();
  command
      .add_option("--chips", options->chips, "monte-carlo: random chips (default: configuration's)")
      ->check(CLI::PositiveNumber)
      ->type_name("N");
  command
      .add_option("--sigma", options->sigma,
                  "monte-carlo: sigma in units of the bound (default: configuration's)")
      ->check(CLI::PositiveNumber)
      ->type_name("X");
  command
      .add_option("--images", options->images,
                  "Images to search on; monte-carlo: test images for each chip")
      ->check(CLI::PositiveNumber)
      ->type_name("N");
  command.add_option("--effort", options->effort, "Scales the number of steps")
      ->check(CLI::Range(0.01, 100.0))
      ->type_name("X")
      ->capture_default_str();
  command
      .add_option("--name", options->name, "Name of the result folder (default: search-<method>)")
      ->type_name("NAME");
  command.add_option("--out", options->out, "Where result folders go")
      ->type_name("FOLDER")
      ->capture_default_str();
}

}  // namespace crucible::apps
