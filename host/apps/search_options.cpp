#include "host/apps/search_options.hpp"

#include <fmt/format.h>

#include "host/apps/checks.hpp"
#include "host/base/workers.hpp"
#include "host/experiment/on_board_search.hpp"
#include "host/search/device/registry.hpp"
#include "host/search/loss/loss.hpp"
#include "host/search/optimiser/optimiser.hpp"
#include "host/search/registry.hpp"
#include "host/search/start.hpp"
#include "models/error.hpp"

namespace crucible::apps {
namespace {

/// `options` belong to `owner`, which is not the method.
[[noreturn]] void refuse(const char* options, const std::string& owner, const std::string& method) {
  throw Error(ErrorKind::kUsage, fmt::format("search: {} belong to {}; leave them out with {}",
                                             options, owner, method));
}

void check_climb(const search::SearchSettings& settings, const std::string& method) {
  if (!settings.loss.empty()) static_cast<void>(search::find_loss(settings.loss));
  if (!settings.optimiser.empty()) static_cast<void>(search::find_optimiser(settings.optimiser));
  if (!settings.start.empty()) static_cast<void>(search::find_start(settings.start));
  const bool chosen = !settings.loss.empty() || !settings.optimiser.empty() ||
                      !settings.start.empty() || settings.restarts > 0;
  if (chosen && method != "climb")
    refuse("--loss, --optimiser, --start and --restarts", "--method climb", method);
}

}  // namespace

void SearchOptions::check() const {
  const bool in_device = search::is_device_method(method);
  check_climb(settings, method);
  if (!in_device && !monte_carlo()) static_cast<void>(search::find_method(method));
  if (!in_device && (in_loop.hidden_adc > 0 || !in_loop.from.empty()))
    refuse("--from and --hidden-adc",
           fmt::format("the methods with hardware in the loop ({})", search::device_method_names()),
           method);
  if (in_loop.on_board && !experiment::runs_on_board(method))
    refuse("values of --on-board", "the methods that firmware knows (block-flip, spsa)", method);
  if (!monte_carlo() && (chips > 0 || sigma > 0))
    refuse("--chips and --sigma", "monte-carlo", method);
  if (settings.until >= 0 && (in_device || monte_carlo() || space == "device"))
    refuse("values of --until", "the methods on the float twin with --space weight", method);
  if (space == "device" && (in_device || monte_carlo()))
    throw Error(ErrorKind::kUsage,
                fmt::format("search: --space device refines what a method finds on the twin; {} is "
                            "none of those, leave it out or take auto",
                            method));
  if (in_device && bracket.images && *bracket.images > 0)
    throw Error(ErrorKind::kUsage,
                fmt::format("search: --bracket counts test images of a row, but {} is certified on "
                            "the images that it measures; take --bracket 0 for none",
                            method));
}

experiment::SearchConfig SearchOptions::row(const experiment::TileConfig& own) const {
  convention.check("search");
  experiment::SearchConfig config;
  config.name = method;
  config.method = method;
  config.bound = convention.bound(bound);
  config.tile = own;
  convention.apply_to(config.tile);
  config.on = on == "train" ? experiment::SearchOn::kTrain : experiment::SearchOn::kTest;
  config.space = space == "device" ? experiment::SearchSpaceKind::kDevice
                                   : experiment::SearchSpaceKind::kWeight;
  config.settings = settings;
  return config;
}

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

void end_result(Program& program, experiment::RunResult& result, double seconds) {
  result.interrupted =
      program.reporter().interrupted() || result.rows.back().search.stop == search::Stop::kCaller;
  result.total_s = seconds;
}

std::string ending(const experiment::RunResult& result, const search::CheckpointFile& checkpoint) {
  const std::string resume = std::filesystem::exists(checkpoint.path())
                                 ? fmt::format(" The same command with --resume goes on from {}.\n",
                                               checkpoint.path().string())
                                 : "\n";
  if (result.interrupted) return "INTERRUPTED: the best point found by then." + resume;
  if (result.rows.back().search.stop == search::Stop::kClock)
    return "STOPPED BY THE CLOCK: the best point found by then." + resume;
  if (result.rows.back().search.stop == search::Stop::kReached)
    return "Stopped at the accuracy of --until: a longer search may find worse.\n";
  return "";
}

void SearchOptions::add_to(CLI::App& command) {
  command.add_option("--method", method, "Method ('crucible info' lists them), or monte-carlo")
      ->type_name("NAME")
      ->capture_default_str();
  command.add_option("--bound", bound, "How far a weight or device may move")
      ->type_name("X")
      ->check(non_negative_number())
      ->capture_default_str();
  convention.add_to(command);
  convention.add_slices_to(command);
  command
      .add_option("--space", space,
                  "weight, or device: refined cell by cell in the integer pipeline")
      ->check(CLI::IsMember({"weight", "device"}))
      ->type_name("WORD")
      ->capture_default_str();
  command.add_option("--on", on, "Search on test or training images")
      ->check(CLI::IsMember({"test", "train"}))
      ->type_name("WORD")
      ->capture_default_str();
  command.add_option("--chips", chips, "monte-carlo: random chips (default: configuration's)")
      ->check(positive_number())
      ->type_name("N");
  command
      .add_option("--sigma", sigma,
                  "monte-carlo: sigma in units of the bound (default: configuration's)")
      ->check(positive_number())
      ->type_name("X");
  command
      .add_option("--images", images, "Images to search on; monte-carlo: test images for each chip")
      ->check(positive_number())
      ->type_name("N");
  command.add_option("--effort", settings.effort, "Scales the number of steps")
      ->check(CLI::Range(0.01, 100.0))
      ->type_name("X")
      ->capture_default_str();
  command.add_option("--loss", settings.loss, "climb: loss ('crucible info' lists them)")
      ->type_name("NAME");
  command
      .add_option("--optimiser", settings.optimiser,
                  "climb: optimiser ('crucible info' lists them)")
      ->type_name("NAME");
  command.add_option("--start", settings.start, "climb: zero, uniform, vertex or coarser")
      ->type_name("NAME");
  command.add_option("--restarts", settings.restarts, "climb: starts; the best is kept")
      ->check(positive_number())
      ->type_name("N");
  command
      .add_option("--until", settings.until,
                  "Stop at this accuracy of the float twin, 0 to 1: to compare methods by time")
      ->check(CLI::Range(0.0, 1.0))
      ->type_name("X");
  command
      .add_option("--seconds", settings.seconds,
                  "Stop by the clock after about this long (recorded as such)")
      ->check(positive_number())
      ->type_name("S");
  command
      .add_option("--from", in_loop.from,
                  "Hardware in the loop: method on the twin whose solution is the start")
      ->type_name("NAME");
  command
      .add_option("--hidden-adc", in_loop.hidden_adc,
                  "Hardware in the loop, emulated: random ADC offsets up to X levels, not told to "
                  "the search")
      ->check(CLI::Range(0.0, 100.0))
      ->type_name("X");
  command.add_flag(
      "--on-board", in_loop.on_board,
      "Hardware in the loop: firmware on the device's core runs the search, block-flip "
      "or spsa, without the host (firmware/README.md)");
  ranks.add_to(command);
  command.add_flag("--resume", resume, "Go on from the checkpoint of a stopped search");
  command.add_flag("--restart", restart, "Begin anew where a checkpoint is left");
  command.add_option("--name", name, "Name of the result folder (default: search-<method>)")
      ->type_name("NAME");
  command.add_option("--out", out, "Where result folders go")
      ->type_name("FOLDER")
      ->capture_default_str();
  bracket.add_to(command);
}

}  // namespace crucible::apps
