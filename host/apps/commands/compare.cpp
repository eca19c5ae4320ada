// `crucible compare`: networks judged by the same table.
#include "host/experiment/compare.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "host/apps/bound_options.hpp"
#include "host/apps/checks.hpp"
#include "host/apps/command.hpp"
#include "host/apps/study_options.hpp"
#include "host/base/workers.hpp"
#include "host/search/registry.hpp"
#include "models/error.hpp"

namespace crucible::apps {
namespace {

struct CompareOptions {
  experiment::CompareConfig compare;
  std::vector<std::string> networks;
  BoundOptions bound;
  std::string method = "auto";
  int images = 0;
  bool quick = false;
  StudyOptions folder{.name = "compare"};
  RankOptions ranks;
};

/// Seconds a row instead of minutes.
void make_quick(experiment::ExperimentConfig& config, experiment::CompareConfig& compare) {
  experiment::make_quick(config);
  compare.search.settings.effort = std::min(compare.search.settings.effort, 0.2);
  compare.chips = std::min(compare.chips, 40);
  compare.chip_images = std::min(compare.chip_images, 50);
  compare.chains = 0;
  compare.certify_images = std::min(compare.certify_images, 20);
}

std::vector<std::unique_ptr<experiment::Workbench>> workbenches(
    const experiment::ExperimentConfig& config, std::vector<std::string> networks,
    IWorkers* workers) {
  if (networks.empty() && config.network != "auto") networks = {config.network};
  if (networks.empty()) networks = experiment::zoo_networks(experiment::load_data(config.data));
  require_equal_facts(workers, "compare",
                      {{"networks", fmt::format("{}", fmt::join(networks, ", "))}});
  std::vector<std::unique_ptr<experiment::Workbench>> benches;
  for (const std::string& network : networks) {
    experiment::ExperimentConfig of_network = config;
    of_network.network = network;
    benches.push_back(std::make_unique<experiment::Workbench>(of_network, workers));
  }
  return benches;
}

void compare(Program& program, const CompareOptions& options) {
  static_cast<void>(search::find_method(options.method));
  options.bound.check("compare");
  if (!options.networks.empty() && !program.options().network.empty()) {
    throw Error(ErrorKind::kUsage,
                "compare: networks are named both by --network and behind the command; name all "
                "of them behind the command");
  }
  experiment::ExperimentConfig config = program.options().resolve();
  options.bound.apply_to(config.tile);
  if (options.images > 0) config.images.search = options.images;
  config.name = options.folder.name;
  experiment::CompareConfig compare = options.compare;
  compare.convention = options.bound.convention;
  compare.idle = options.bound.idle;
  if (compare.bounds.empty()) compare.bounds = {0.0133, 0.03};
  if (options.quick) make_quick(config, compare);
  compare.search.method = options.method;
  compare.search.tile = config.tile;
  const std::filesystem::path folder = std::filesystem::path(options.folder.out) / config.name;
  IWorkers* workers = program.start_workers(options.ranks);
  const experiment::Comparison result =
      experiment::run_compare(workbenches(config, options.networks, workers), compare, folder,
                              options.folder.start(), program.reporter());
  program.output(experiment::compare_json(result),
                 fmt::format("\n{}\n{}Folder: {}\n", experiment::compare_text(result),
                             study_ending(result.complete, "rows"), folder.string()));
}

void add_row_options(CLI::App& command, CompareOptions& options) {
  experiment::CompareConfig& compare = options.compare;
  command
      .add_option("NETWORKS", options.networks,
                  "Folders, or names in models/zoo (default: the zoo's for the data)")
      ->type_name("NETWORK");
  command
      .add_option("--bound", compare.bounds,
                  "How far a weight or device may move; several with commas (default: 0.0133,0.03)")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(positive_number())
      ->type_name("X,...");
  options.bound.add_to(command);
  command.add_option("--method", options.method, "Method ('crucible info' lists them)")
      ->type_name("NAME")
      ->capture_default_str();
  command.add_option("--effort", compare.search.settings.effort, "Scales the number of steps")
      ->check(CLI::Range(0.01, 100.0))
      ->type_name("X")
      ->capture_default_str();
  command.add_option("--images", options.images, "Images to search on")
      ->check(positive_number())
      ->type_name("N");
  command.add_option("--chips", compare.chips, "Random chips for each row (0: none)")
      ->check(non_negative_number())
      ->type_name("N")
      ->capture_default_str();
  command
      .add_option("--chip-images", compare.chip_images,
                  "Images of a random chip, spread over the test set")
      ->check(positive_number())
      ->type_name("N")
      ->capture_default_str();
  command
      .add_option("--chains", compare.chains,
                  "Subset simulation for quantiles that the chips do not reach: chains a level "
                  "(0: none)")
      ->check(non_negative_number())
      ->type_name("N")
      ->capture_default_str();
  command.add_option("--certify", compare.certify_images, "First test images to certify (0: none)")
      ->check(non_negative_number())
      ->type_name("N")
      ->capture_default_str();
  command.add_flag("--quick", options.quick, "Fewer images, chips and steps: a look");
}

}  // namespace

void add_compare(Program& program) {
  auto options = std::make_shared<CompareOptions>();
  CLI::App& command = program.add_command(
      "compare", "Networks side by side: random chips, the worst chip found, the certified floor",
      "  crucible compare                                          the zoo's networks at 0.0133 "
      "and "
      "0.03\n"
      "  crucible compare lenet-mnist nets/mine --bound 0.01 --quick\n"
      "  crucible compare --bound 1e-4 --adc transparent --chips 0 --name floor\n"
      "  crucible compare --resume                                 goes on after an interruption",
      [&program, options] { compare(program, *options); }, Ranks::kMany);
  options->ranks.add_to(command);
  add_row_options(command, *options);
  options->folder.add_to(command, "comparison");
}

}  // namespace crucible::apps
