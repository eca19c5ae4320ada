// `crucible search`: one search, measured on the model.
#include <fmt/format.h>

#include "host/apps/bound_options.hpp"
#include "host/apps/command.hpp"
#include "host/experiment/chance.hpp"
#include "host/experiment/in_loop.hpp"
#include "host/experiment/result_folder.hpp"
#include "host/experiment/result_json.hpp"
#include "host/experiment/result_table.hpp"
#include "host/experiment/row_search.hpp"
#include "host/experiment/stopwatch.hpp"
#include "host/search/device/registry.hpp"
#include "host/search/loss/loss.hpp"
#include "host/search/optimiser/optimiser.hpp"
#include "host/search/registry.hpp"
#include "host/search/start.hpp"
#include "models/error.hpp"

namespace crucible::apps {
namespace {

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
  double rank_timeout = 600;
};

constexpr std::string_view kMonteCarlo = "monte-carlo";

experiment::SearchConfig search_config(const SearchOptions& options,
                                       const experiment::TileConfig& tile) {
  options.convention.check("search");
  experiment::SearchConfig config;
  config.name = options.method;
  config.method = options.method;
  config.bound = options.convention.bound(options.bound);
  config.tile = tile;
  options.convention.apply_to(config.tile);
  config.on = options.on == "train" ? experiment::SearchOn::kTrain : experiment::SearchOn::kTest;
  config.space = options.space == "device" ? experiment::SearchSpaceKind::kDevice
                                           : experiment::SearchSpaceKind::kWeight;
  config.settings = options.settings;
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

void search_rows(Program& program, experiment::Workbench& bench, experiment::RunResult& result,
                 search::CheckpointFile& checkpoint) {
  for (const experiment::SearchConfig& config : result.config.searches) {
    result.rows.push_back(
        experiment::search_row(bench, config, result.rows, program.reporter(), &checkpoint));
    experiment::RowOutcome& row = result.rows.back();
    experiment::evaluate_row(bench, row);
    program.reporter().finish(
        "search " + row.config.name,
        fmt::format("search {} ended after {:.1f} s", row.config.name, row.search_s));
  }
}

/// Beside the result folder. One that is there stops the command unless it says what to do with it.
search::CheckpointFile checkpoint_file(const std::filesystem::path& folder,
                                       const SearchOptions& options, IWorkers* workers) {
  search::CheckpointFile file(folder.string() + ".checkpoint", {}, workers);
  if (!is_first(workers)) return file;  // the first worker's business
  const bool there = std::filesystem::exists(file.path());
  if (options.resume && !there)
    throw Error(ErrorKind::kUsage,
                fmt::format("search: no checkpoint {} to resume; leave out --resume",
                            file.path().string()));
  if (there && options.restart) file.remove();
  if (there && !options.resume && !options.restart)
    throw Error(ErrorKind::kUsage,
                fmt::format("search: {} is left from a search that did not end; go on with "
                            "--resume, begin anew with --restart, or choose another --name",
                            file.path().string()));
  std::error_code ignored;
  std::filesystem::create_directories(folder.parent_path(), ignored);
  return file;
}

/// Throws crucible::Error(kUsage) for names that are not known, or that the method does not take.
void check_climb(const SearchOptions& options) {
  const search::SearchSettings& settings = options.settings;
  if (!settings.loss.empty()) static_cast<void>(search::find_loss(settings.loss));
  if (!settings.optimiser.empty()) static_cast<void>(search::find_optimiser(settings.optimiser));
  if (!settings.start.empty()) static_cast<void>(search::find_start(settings.start));
  const bool chosen = !settings.loss.empty() || !settings.optimiser.empty() ||
                      !settings.start.empty() || settings.restarts > 0;
  if (chosen && options.method != "climb")
    throw Error(ErrorKind::kUsage,
                fmt::format("search: --loss, --optimiser, --start and --restarts belong to "
                            "--method climb; leave them out with {}",
                            options.method));
}

/// A rank may have been interrupted alone; then the search has told all of them.
void end_result(Program& program, experiment::RunResult& result, double seconds) {
  result.interrupted =
      program.reporter().interrupted() || result.rows.back().search.stop == search::Stop::kCaller;
  result.total_s = seconds;
}

/// What a search that did not finish says below its table.
std::string ending(const experiment::RunResult& result, const search::CheckpointFile& checkpoint) {
  const std::string resume = std::filesystem::exists(checkpoint.path())
                                 ? fmt::format(" The same command with --resume goes on from {}.\n",
                                               checkpoint.path().string())
                                 : "\n";
  if (result.interrupted) return "INTERRUPTED: the best point found by then." + resume;
  if (result.rows.back().search.stop == search::Stop::kClock)
    return "STOPPED BY THE CLOCK: the best point found by then." + resume;
  return "";
}

/// The device stands in the loop: found and measured there.
void search_device(Program& program, const SearchOptions& options) {
  constexpr int kImages = 200;
  experiment::ExperimentConfig config = program.options().resolve();
  config.images.search = options.images > 0 ? options.images : kImages;
  const experiment::SearchConfig row = search_config(options, config.tile);
  config.tile = row.tile;
  config.name = options.name.empty() ? "search-" + options.method : options.name;
  config.searches.clear();  // those are for the twin alone
  const std::filesystem::path folder = std::filesystem::path(options.out) / config.name;
  IWorkers* workers = program.start_workers(options.rank_timeout);
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

void search(Program& program, const SearchOptions& options) {
  if (options.space == "device" &&
      (search::is_device_method(options.method) || options.method == kMonteCarlo))
    throw Error(ErrorKind::kUsage,
                fmt::format("search: --space device refines what a method finds on the twin; {} "
                            "is none of those, leave it out or take auto",
                            options.method));
  if (search::is_device_method(options.method)) return search_device(program, options);
  if (options.in_loop.hidden_adc > 0 || !options.in_loop.from.empty())
    throw Error(
        ErrorKind::kUsage,
        fmt::format("search: --from and --hidden-adc belong to the methods with hardware in "
                    "the loop ({}); leave them out with {}",
                    search::device_method_names(), options.method));
  const bool chance = options.method == kMonteCarlo;
  if (!chance) {
    static_cast<void>(search::find_method(options.method));
    check_climb(options);
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
  const std::filesystem::path folder = std::filesystem::path(options.out) / config.name;
  IWorkers* workers = program.start_workers(options.rank_timeout);
  search::CheckpointFile checkpoint = checkpoint_file(folder, options, workers);
  experiment::Workbench bench(config, workers);
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
  command
      .add_option("--method", options->method,
                  "Method ('crucible info' lists them), or monte-carlo")
      ->type_name("NAME")
      ->capture_default_str();
  command.add_option("--bound", options->bound, "How far a weight or device may move")
      ->type_name("X")
      ->check(CLI::Range(0.0, 3.0))
      ->capture_default_str();
  options->convention.add_to(command);
  options->convention.add_slices_to(command);
  command
      .add_option("--space", options->space,
                  "weight, or device: refined cell by cell in the integer pipeline")
      ->check(CLI::IsMember({"weight", "device"}))
      ->type_name("WORD")
      ->capture_default_str();
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
  command.add_option("--effort", options->settings.effort, "Scales the number of steps")
      ->check(CLI::Range(0.01, 100.0))
      ->type_name("X")
      ->capture_default_str();
  command.add_option("--loss", options->settings.loss, "climb: loss ('crucible info' lists them)")
      ->type_name("NAME");
  command
      .add_option("--optimiser", options->settings.optimiser,
                  "climb: optimiser ('crucible info' lists them)")
      ->type_name("NAME");
  command.add_option("--start", options->settings.start, "climb: zero, uniform, vertex or coarser")
      ->type_name("NAME");
  command.add_option("--restarts", options->settings.restarts, "climb: starts; the best is kept")
      ->check(CLI::PositiveNumber)
      ->type_name("N");
  command
      .add_option("--seconds", options->settings.seconds,
                  "Stop by the clock after about this long (recorded as such)")
      ->check(CLI::PositiveNumber)
      ->type_name("S");
  command
      .add_option("--from", options->in_loop.from,
                  "Hardware in the loop: method on the twin whose solution is the start")
      ->type_name("NAME");
  command
      .add_option("--hidden-adc", options->in_loop.hidden_adc,
                  "Hardware in the loop, emulated: random ADC offsets up to X levels, not told to "
                  "the search")
      ->check(CLI::Range(0.0, 100.0))
      ->type_name("X");
  command
      .add_option("--rank-timeout", options->rank_timeout,
                  "Under mpirun: the longest wait for another rank, seconds")
      ->check(CLI::Range(0.1, 1e6))
      ->type_name("S")
      ->capture_default_str();
  command.add_flag("--resume", options->resume, "Go on from the checkpoint of a stopped search");
  command.add_flag("--restart", options->restart, "Begin anew where a checkpoint is left");
  command
      .add_option("--name", options->name, "Name of the result folder (default: search-<method>)")
      ->type_name("NAME");
  command.add_option("--out", options->out, "Where result folders go")
      ->type_name("FOLDER")
      ->capture_default_str();
}

}  // namespace crucible::apps
