// `crucible write-verify`: tolerance against pulses and worst case.
#include <fmt/format.h>

#include "host/apps/checks.hpp"
#include "host/apps/command.hpp"
#include "host/apps/study_options.hpp"
#include "host/experiment/write_verify_study.hpp"
#include "host/search/registry.hpp"
#include "models/error.hpp"

namespace crucible::apps {
namespace {

struct WriteVerifyOptions {
  experiment::WriteVerifyConfig study;
  std::string method = "auto", adc;
  std::optional<int> base;
  bool quick = false;
  StudyOptions folder{.name = "write-verify"};
  RankOptions ranks;
};

void write_verify(Program& program, const WriteVerifyOptions& options) {
  const bool searches = options.method != "none";
  if (searches) static_cast<void>(search::find_method(options.method));
  experiment::ExperimentConfig config = program.options().resolve();
  if (!options.adc.empty()) config.tile.transparent = options.adc == "transparent";
  if (options.base) config.tile.base = *options.base;
  config.name = options.folder.name;
  experiment::WriteVerifyConfig study = options.study;
  if (study.tolerances.empty()) study.tolerances = {0.2, 0.1, 0.05, 0.02, 0.01};
  if (options.quick) {
    experiment::make_quick(config);
    study.search.settings.effort = std::min(study.search.settings.effort, 0.2);
    study.chips = 1;
    study.images = std::min(study.images, 200);
    study.certify_images = std::min(study.certify_images, 20);
  }
  study.search.method = searches ? options.method : "";
  study.search.tile = config.tile;
  const std::filesystem::path folder = std::filesystem::path(options.folder.out) / config.name;
  experiment::Workbench bench(config, program.start_workers(options.ranks));
  const experiment::WriteVerifyStudy result = experiment::study_write_verify(
      bench, study, folder, options.folder.start(), program.reporter());
  program.output(experiment::write_verify_json(result),
                 fmt::format("\n{}\n{}Folder: {}\n", experiment::write_verify_text(result),
                             study_ending(result.complete, "rows"), folder.string()));
}

void add_device_options(CLI::App& command, models::WriteVerifySettings& device) {
  command.add_option("--pulse", device.pulse, "Mean step of a pulse, in levels")
      ->type_name("X")
      ->capture_default_str();
  command
      .add_option("--cycle", device.cycle,
                  "Spread from pulse to pulse: standard deviation as a share of the step")
      ->type_name("X")
      ->capture_default_str();
  command.add_option("--device", device.device, "Spread from device to device, likewise")
      ->type_name("X")
      ->capture_default_str();
  command
      .add_option("--erase", device.erase,
                  "Standard deviation of an erased device around level 0, in levels")
      ->type_name("X")
      ->capture_default_str();
  command.add_option("--most-pulses", device.most_pulses, "A device is left after so many")
      ->type_name("N")
      ->capture_default_str();
}

void add_study_options(CLI::App& command, WriteVerifyOptions& options) {
  experiment::WriteVerifyConfig& study = options.study;
  command
      .add_option("--tolerance", study.tolerances,
                  "Stop within this of the target, in levels; several with commas (default: "
                  "0.2,0.1,0.05,0.02,0.01)")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(positive_number())
      ->type_name("X,...");
  add_device_options(command, study.device);
  command.add_option("--chips", study.chips, "Chips to program for each tolerance")
      ->check(positive_number())
      ->type_name("N")
      ->capture_default_str();
  command.add_option("--images", study.images, "Test images of a programmed chip")
      ->check(positive_number())
      ->type_name("N")
      ->capture_default_str();
  command.add_option("--method", options.method, "Search inside the bound, or none")
      ->type_name("NAME")
      ->capture_default_str();
  command.add_option("--effort", study.search.settings.effort, "Scales the number of steps")
      ->check(CLI::Range(0.01, 100.0))
      ->type_name("X")
      ->capture_default_str();
  command.add_option("--certify", study.certify_images, "First test images to certify (0: none)")
      ->check(non_negative_number())
      ->type_name("N")
      ->capture_default_str();
  command.add_option("--base", options.base, "Level 0 above the lower rail, in 2^-8 level")
      ->check(CLI::Range(0, 255))
      ->type_name("N");
  command.add_option("--adc", options.adc, "calibrated or transparent")
      ->check(CLI::IsMember({"calibrated", "transparent"}))
      ->type_name("WORD");
  command.add_flag("--quick", options.quick, "Fewer images, chips and steps: a look");
}

}  // namespace

void add_write_verify(Program& program) {
  auto options = std::make_shared<WriteVerifyOptions>();
  CLI::App& command = program.add_command(
      "write-verify", "Where the bound comes from: tolerance against pulses and worst case",
      "  crucible write-verify                               five tolerances from 0.2 to 0.01 "
      "level\n"
      "  crucible write-verify --tolerance 0.05 --pulse 0.05 --quick\n"
      "  crucible write-verify --method none                 pulses and average accuracy only\n"
      "  crucible write-verify --resume                      goes on after an interruption",
      [&program, options] { write_verify(program, *options); }, Ranks::kMany);
  options->ranks.add_to(command);
  add_study_options(command, *options);
  options->folder.add_to(command, "study");
}

}  // namespace crucible::apps
