// `crucible run`: the main job.
#include "host/experiment/run_experiment.hpp"

#include <fmt/format.h>

#include "host/apps/bracket_options.hpp"
#include "host/apps/command.hpp"
#include "host/experiment/result_folder.hpp"
#include "host/experiment/result_json.hpp"
#include "host/experiment/result_table.hpp"

namespace crucible::apps {
namespace {

struct RunOptions {
  bool quick = false;
  std::string name;
  std::string out = "runs";
  BracketOptions bracket;
};

void run(Program& program, const RunOptions& options) {
  experiment::ExperimentConfig config = program.options().resolve();
  options.bracket.apply_to(config.bracket);
  if (options.quick) experiment::make_quick(config);
  if (!options.name.empty()) config.name = options.name;
  experiment::IReporter& reporter = program.reporter();
  experiment::Workbench bench(config);
  reporter.line(fmt::format("data: {} ({}), {} training and {} test images", bench.dataset().name,
                            bench.dataset().source, bench.dataset().train.count(),
                            bench.dataset().test.count()));
  reporter.line(fmt::format("network: {}, {} layers in {} of {} banks of '{}'",
                            bench.network().name, bench.network().layers.size(), bench.banks(),
                            bench.geometry().banks, config.device.hardware));
  const experiment::RunResult result = experiment::run_experiment(bench, reporter);
  const std::filesystem::path folder = std::filesystem::path(options.out) / config.name;
  experiment::write_result_folder(folder, bench, result);
  program.output(
      experiment::result_json(bench, result),
      fmt::format("\n{}\n{}\n{}In parentheses: images (chips x images). Hardware and model agree "
                  "on every logit of every image.\n"
                  "Result folder: {} ({:.0f} s in all)\n",
                  experiment::results_table(result, experiment::TableStyle::kTerminal),
                  experiment::layers_table(bench, result, experiment::TableStyle::kTerminal),
                  result.interrupted ? "INTERRUPTED: this is what was finished.\n" : "",
                  folder.string(), result.total_s));
}

}  // namespace

void add_run(Program& program) {
  auto options = std::make_shared<RunOptions>();
  CLI::App& command = program.add_command(
      "run", "The main job: program a device, search worst cases, measure them on it",
      "  crucible run                         configs/main.yaml on the emulated board\n"
      "  crucible run --quick                 the same in under a minute, with fewer images\n"
      "  crucible run --address tcp:127.0.0.1:5555 --name lab-board",
      [&program, options] { run(program, *options); });
  command.add_flag("--quick", options->quick, "Few images, chips and steps");
  options->bracket.add_to(command);
  command.add_option("--name", options->name, "Name of the result folder")->type_name("NAME");
  command.add_option("--out", options->out, "Where result folders go")
      ->type_name("FOLDER")
      ->capture_default_str();
}

}  // namespace crucible::apps
