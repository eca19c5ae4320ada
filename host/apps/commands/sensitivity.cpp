// `crucible sensitivity`: which layers, banks and cells hurt most.
#include "host/experiment/sensitivity.hpp"

#include <fmt/format.h>

#include "host/apps/bound_options.hpp"
#include "host/apps/checks.hpp"
#include "host/apps/command.hpp"
#include "host/apps/study_options.hpp"
#include "host/search/registry.hpp"

namespace crucible::apps {
namespace {

struct SensitivityOptions {
  double bound = 0.0133;
  BoundOptions convention;
  std::string method = "margin-ascent";
  search::SearchSettings settings;
  int images = 0;
  StudyOptions folder{.name = "sensitivity"};
};

void sensitivity(Program& program, const SensitivityOptions& options) {
  static_cast<void>(search::find_method(options.method));
  options.convention.check("sensitivity");
  experiment::ExperimentConfig config = program.options().resolve();
  options.convention.apply_to(config.tile);
  if (options.images > 0) config.images.search = options.images;
  experiment::SearchConfig search;
  search.name = options.folder.name;
  search.method = options.method;
  search.bound = options.convention.bound(options.bound);
  search.tile = config.tile;
  search.settings = options.settings;
  const std::filesystem::path folder =
      std::filesystem::path(options.folder.out) / options.folder.name;
  experiment::Workbench bench(config);
  const experiment::Sensitivity study = experiment::study_sensitivity(
      bench, search, folder, options.folder.start(), program.reporter());
  program.output(
      experiment::sensitivity_json(study),
      fmt::format("\n{}Folder: {}\n", experiment::sensitivity_text(study), folder.string()));
}

}  // namespace

void add_sensitivity(Program& program) {
  auto options = std::make_shared<SensitivityOptions>();
  CLI::App& command = program.add_command(
      "sensitivity", "Which layers, banks and cells hurt most within a bound, as table and images",
      "  crucible sensitivity --bound 0.0133\n"
      "  crucible sensitivity --bound 0.09 --convention device --idle drifts --images 2000",
      [&program, options] { sensitivity(program, *options); });
  command.add_option("--bound", options->bound, "How far a weight or device may move")
      ->type_name("X")
      ->check(non_negative_number())
      ->capture_default_str();
  options->convention.add_to(command);
  command.add_option("--method", options->method, "Method ('crucible info' lists them)")
      ->type_name("NAME")
      ->capture_default_str();
  command.add_option("--effort", options->settings.effort, "Scales the number of steps")
      ->check(CLI::Range(0.01, 100.0))
      ->type_name("X")
      ->capture_default_str();
  command.add_option("--images", options->images, "Test images to search on")
      ->check(positive_number())
      ->type_name("N");
  options->folder.add_to(command, "study");
}

}  // namespace crucible::apps
