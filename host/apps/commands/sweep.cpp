// `crucible sweep`: accuracy against the bound, or the bound that reaches an accuracy.
#include "host/experiment/sweep.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/apps/bound_options.hpp"
#include "host/apps/checks.hpp"
#include "host/apps/command.hpp"
#include "host/apps/study_options.hpp"
#include "host/search/registry.hpp"
#include "models/error.hpp"

namespace crucible::apps {
namespace {

struct SweepOptions {
  experiment::SweepConfig sweep;
  BoundOptions bound;
  std::string method = "auto", on = "test";
  int images = 0;
  std::optional<int> certify;
  StudyOptions folder;
};

void sweep(Program& program, const SweepOptions& options) {
  static_cast<void>(search::find_method(options.method));
  options.bound.check("sweep");
  experiment::ExperimentConfig config = program.options().resolve();
  options.bound.apply_to(config.tile);
  if (options.images > 0) config.images.search = options.images;
  config.name = !options.folder.name.empty() ? options.folder.name
                : options.sweep.reach        ? "sweep-reach"
                                             : "sweep";
  experiment::SweepConfig sweep = options.sweep;
  // The default is for data sets of any size; a number that was given is taken at its word.
  sweep.certify_images =
      options.certify ? *options.certify : std::min(sweep.certify_images, config.images.model);
  sweep.certify_tight = options.certify.has_value();
  sweep.convention = options.bound.convention;
  sweep.idle = options.bound.idle;
  sweep.search.method = options.method;
  sweep.search.tile = config.tile;
  sweep.search.on =
      options.on == "train" ? experiment::SearchOn::kTrain : experiment::SearchOn::kTest;
  const std::filesystem::path folder = std::filesystem::path(options.folder.out) / config.name;
  experiment::Workbench bench(config);
  const experiment::Sweep result =
      experiment::run_sweep(bench, sweep, folder, options.folder.start(), program.reporter());
  program.output(experiment::sweep_json(result),
                 fmt::format("\n{}{}Folder: {}\n", experiment::sweep_text(result),
                             study_ending(result.complete, "points"), folder.string()));
}

void add_range_options(CLI::App& command, experiment::SweepConfig& sweep) {
  command.add_option("--from", sweep.from, "Smallest bound")
      ->check(positive_number())
      ->type_name("X")
      ->capture_default_str();
  command.add_option("--to", sweep.to, "Largest bound")
      ->check(positive_number())
      ->type_name("X")
      ->capture_default_str();
  CLI::Option* points =
      command.add_option("--points", sweep.points, "Bounds, equally far apart in their logarithm")
          ->check(CLI::Range(2, 1000))
          ->type_name("N")
          ->capture_default_str();
  CLI::Option* reach =
      command
          .add_option("--reach", sweep.reach,
                      "Instead of the grid: the smallest bound that goes below this accuracy, 0 .. "
                      "1, by bisection")
          ->check(CLI::Range(0.0, 1.0))
          ->type_name("X")
          ->excludes(points);
  command
      .add_option("--resolution", sweep.resolution,
                  "--reach: ends of the bracket differ by this share at most")
      ->check(CLI::Range(0.001, 1.0))
      ->type_name("X")
      ->needs(reach)
      ->capture_default_str();
}

}  // namespace

void add_sweep(Program& program) {
  auto options = std::make_shared<SweepOptions>();
  CLI::App& command = program.add_command(
      "sweep", "Accuracy of the worst chip found against the bound, or the bound of an accuracy",
      "  crucible sweep                                      7 bounds from 1e-4 to 1e-1\n"
      "  crucible sweep --effort 0.3 --images 2000 --chips 20 --name look\n"
      "  crucible sweep --reach 0.5 --from 0.003 --to 0.03   where half of the images are lost\n"
      "  crucible sweep --resume                             goes on after an interruption",
      [&program, options] { sweep(program, *options); });
  add_range_options(command, options->sweep);
  options->bound.add_to(command);
  command.add_option("--method", options->method, "Method ('crucible info' lists them)")
      ->type_name("NAME")
      ->capture_default_str();
  command
      .add_option("--effort", options->sweep.search.settings.effort, "Scales the number of steps")
      ->check(CLI::Range(0.01, 100.0))
      ->type_name("X")
      ->capture_default_str();
  command.add_option("--images", options->images, "Images to search on")
      ->check(positive_number())
      ->type_name("N");
  command.add_option("--on", options->on, "Search on test or training images")
      ->check(CLI::IsMember({"test", "train"}))
      ->type_name("WORD")
      ->capture_default_str();
  command.add_option("--chips", options->sweep.chips, "Random chips for each bound, beside")
      ->check(non_negative_number())
      ->type_name("N")
      ->capture_default_str();
  command
      .add_option("--certify", options->certify,
                  "First test images to certify with the linear relaxation (0: none; default: the "
                  "first 1,000, by intervals)")
      ->check(non_negative_number())
      ->type_name("N");
  options->folder.add_to(command, "sweep",
                         "Name of the folder (default: sweep, or sweep-reach with --reach)");
}

}  // namespace crucible::apps
