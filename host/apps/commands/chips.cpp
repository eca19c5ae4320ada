// `crucible chips`: Monte Carlo over chips that a device makes itself, each from a seed.
#include <fmt/format.h>

#include <charconv>

#include "host/apps/checks.hpp"
#include "host/apps/command.hpp"
#include "host/experiment/chips_study.hpp"
#include "models/error.hpp"

namespace crucible::apps {
namespace {

struct ChipsOptions {
  std::string effects;
  std::string seeds = "1..100";
  experiment::ChipsConfig study;
};

/// "1..100", or one seed.
std::pair<uint64_t, uint64_t> parse_seeds(const std::string& text) {
  const size_t dots = text.find("..");
  const auto number = [&](std::string_view part) {
    uint64_t value = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
    if (error == std::errc() && end == part.data() + part.size() && !part.empty()) return value;
    throw Error(ErrorKind::kUsage,
                fmt::format("--seeds: '{}' is no range of seeds; write 1..100, or one seed", text));
  };
  const std::string_view all = text;
  if (dots == std::string::npos) return {number(all), number(all)};
  const std::pair seeds{number(all.substr(0, dots)), number(all.substr(dots + 2))};
  constexpr uint64_t kMost = 1'000'000;
  if (seeds.first <= seeds.second && seeds.second - seeds.first < kMost) return seeds;
  throw Error(
      ErrorKind::kUsage,
      fmt::format("--seeds: '{}' is a range of 1 to {} seeds, the lowest first", text, kMost));
}

void chips(Program& program, const ChipsOptions& options) {
  const experiment::ExperimentConfig config = program.options().resolve();
  experiment::ChipsConfig study = options.study;
  std::tie(study.first_seed, study.last_seed) = parse_seeds(options.seeds);
  study.plan = experiment::load_effects(options.effects,
                                        experiment::hardware_geometry(config.device.hardware));
  study.threads = config.threads;
  if (!program.options().address.empty()) study.address = experiment::device_address(config.device);
  experiment::Workbench bench(config);
  const experiment::ChipsStudy result = experiment::study_chips(bench, study, program.reporter());
  program.output(experiment::chips_json(result), experiment::chips_text(result));
}

}  // namespace

void add_chips(Program& program) {
  auto options = std::make_shared<ChipsOptions>();
  CLI::App& command = program.add_command(
      "chips",
      "Chips that the device makes from seeds: accuracy on the model, and with --address there too",
      "  crucible chips --effects configs/effects.yaml --seeds 1..1000 --images 500\n"
      "  crucible chips --effects configs/effects.yaml --seeds 1..20 --images 10 --address "
      "sim:rtl\n"
      "  crucible chips --effects configs/effects.yaml --seeds 1..100 --images 20 --on-board "
      "--address sim:rtl --hardware full_soc\n"
      "docs/effects.md has the keys of the file.",
      [&program, options] { chips(program, *options); });
  command.add_option("--effects", options->effects, "Effects file (crucible.effects/1)")
      ->required()
      ->type_name("FILE");
  command.add_option("--seeds", options->seeds, "Seeds of the chips, first and last")
      ->type_name("A..B")
      ->capture_default_str();
  experiment::ChipsConfig& study = options->study;
  command.add_flag("--on-board", study.on_board,
                   "Firmware on the device makes and counts the chips: seeds in, counts out "
                   "(firmware/README.md)");
  command
      .add_option("--images", study.images, "Images for each chip, spread evenly over the test set")
      ->check(positive_number())
      ->type_name("N")
      ->capture_default_str();
  command.add_option("--quantiles", study.quantiles, "Quantiles of the accuracy, 0 .. 1")
      ->delimiter(',')
      ->type_name("Q,Q,..")
      ->default_str("0.5,0.1,0.01");
  command.add_option("--confidence", study.confidence, "Of the intervals")
      ->check(CLI::Range(0.5, 0.9999))
      ->type_name("X")
      ->capture_default_str();
}

}  // namespace crucible::apps
