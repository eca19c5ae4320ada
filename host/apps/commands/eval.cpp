// `crucible eval`: accuracy of a network or of a stored chip, on the model and on a device.
#include <fmt/format.h>

#include <optional>

#include "host/apps/chip_options.hpp"
#include "host/apps/command.hpp"
#include "host/driver/accelerator.hpp"
#include "host/eval/evaluation.hpp"
#include "host/experiment/effects_chip.hpp"
#include "host/experiment/hardware.hpp"
#include "host/experiment/result_json.hpp"
#include "host/experiment/stored_row.hpp"
#include "host/experiment/workbench.hpp"
#include "models/error.hpp"

namespace crucible::apps {
namespace {

using Json = nlohmann::ordered_json;

struct EvalOptions : ChipOptions {
  int images = 0;
  std::string effects;
  std::optional<uint64_t> chip_seed;
};

/// What is evaluated: a network with its effects, one chip of it, and what the model says.
struct Subject {
  experiment::EffectsPlan plan;
  models::CompiledNetwork network;
  experiment::EffectsChip chip;
  uint64_t seed = 1;
  eval::LabelledImages images;
  eval::Evaluation model;
};

Json counters_json(const models::TileCounters& counters, uint64_t pulses, uint64_t unverified) {
  return {{"products", counters.products},
          {"saturations", counters.saturations},
          {"clamps", counters.clamps},
          {"reads", counters.reads},
          {"pulses", pulses},
          {"unverified", unverified}};
}

std::string counters_text(const models::TileCounters& counters, uint64_t pulses,
                          uint64_t unverified) {
  return fmt::format(
      "  counters  {} products, {} saturations, {} clamps, {} rows read, {} pulses, {} cells "
      "unverified\n",
      counters.products, counters.saturations, counters.clamps, counters.reads, pulses, unverified);
}

/// Programs the device, makes the chip there, measures, and requires that every cell, logit and
/// counter equals the model's.
eval::Evaluation on_device(Program& program, const std::string& address,
                           const std::string& hardware, const Subject& subject) {
  constexpr int kChunk = 10;
  const auto opened = experiment::open_device(address, hardware);
  driver::Accelerator& device = *opened;
  experiment::program_campaign(device, subject.plan, subject.network, subject.chip);
  device.clear_counters();
  experiment::generate_on(device, subject.plan, subject.seed);
  if (subject.plan.generated) experiment::verify_chip(device, subject.chip);
  driver::DeviceEngine engine(device, subject.network);
  const int count = subject.images.count();
  eval::Evaluation measured =
      eval::evaluate_engine(subject.network, engine, subject.images, kChunk, [&](int done) {
        program.reporter().progress("eval on " + address, static_cast<double>(done) / count,
                                    fmt::format("{} of {} images", done, count));
        return !program.reporter().interrupted();
      });
  eval::require_equal_logits(measured, address, subject.model, "the model");
  if (measured.images() == subject.model.images() && device.identity().effects)
    experiment::require_equal_counters(device.counters(), address, subject.model.counters,
                                       subject.chip.pulses, subject.chip.unverified);
  return measured;
}

/// Network, chip and effects as the options name them.
Subject make_subject(const EvalOptions& options, experiment::ExperimentConfig& config,
                     std::optional<experiment::Workbench>& bench) {
  Subject subject;
  experiment::StoredRow row;
  if (!options.run.empty()) {
    config.network = options.run + "/network";
    row = experiment::load_stored_row(options.run, options.row);
    config.device.hardware = row.hardware;
  }
  if (!options.effects.empty()) {
    subject.plan = experiment::load_effects(options.effects,
                                            experiment::hardware_geometry(config.device.hardware));
  }
  if (options.chip_seed && !subject.plan.generated) {
    throw Error(ErrorKind::kUsage,
                "eval: --chip-seed belongs to an effects file with 'offsets', or 'stuck' with "
                "rates");
  }
  if (!options.run.empty() && subject.plan.makes_offsets()) {
    throw Error(ErrorKind::kUsage,
                fmt::format("eval: {} makes offsets from a seed, and --run has offsets; leave one "
                            "out",
                            options.effects));
  }
  bench.emplace(config);
  subject.network = options.run.empty()
                        ? bench->compile(config.tile, subject.plan.lsb_exp.value_or(8), false)
                        : std::move(row.compiled);
  if (row.offsets.empty()) row.offsets.assign(bench->geometry().cells(), 0);
  if (!options.effects.empty()) experiment::add_effects(subject.network, subject.plan);
  subject.seed = options.chip_seed.value_or(1);
  subject.chip =
      experiment::make_chip(subject.plan, subject.network, subject.seed, std::move(row.offsets));
  return subject;
}

void evaluate(Program& program, const EvalOptions& options) {
  experiment::ExperimentConfig config = program.options().resolve();
  std::optional<experiment::Workbench> bench;
  Subject subject = make_subject(options, config, bench);
  const bool device = !program.options().address.empty();
  subject.images = bench->test_images(options.images > 0 ? options.images
                                      : device           ? config.images.hardware
                                                         : config.images.model);
  subject.model = eval::evaluate_model(subject.network, subject.chip.offsets, subject.images,
                                       config.threads, nullptr, subject.chip.stuck);
  Json json = {{"network", bench->network().name}, {"data", bench->dataset().name}};
  if (!options.run.empty()) json["row"] = options.row;
  const std::string effects = experiment::describe_plan(subject.plan);
  if (!options.effects.empty()) json["effects"] = effects;
  if (subject.plan.generated) json["chip_seed"] = subject.seed;
  json["model"] = experiment::evaluation_json(subject.model);
  json["model"]["saturations"] = subject.model.counters.saturations;
  std::string text = fmt::format("{} on {}, {}\n", bench->network().name, bench->dataset().name,
                                 options.run.empty() ? "no offsets" : "row " + options.row);
  if (!options.effects.empty()) {
    const auto& [offsets, stuck, pulses, unverified] = subject.chip;
    json["model"]["counters"] = counters_json(subject.model.counters, pulses, unverified);
    text = fmt::format("{} on {}{}, with {}{}\n{}", bench->network().name, bench->dataset().name,
                       options.run.empty() ? "" : ", row " + options.row, effects,
                       subject.plan.generated ? fmt::format("; chip {}", subject.seed) : "",
                       counters_text(subject.model.counters, pulses, unverified));
  }
  text += fmt::format("  model     {:.2f} % of {} images\n", 100 * subject.model.accuracy(),
                      subject.model.images());
  if (device) {
    const std::string address = experiment::device_address(config.device);
    const eval::Evaluation measured = on_device(program, address, config.device.hardware, subject);
    json["device"] = experiment::evaluation_json(measured);
    json["device"]["address"] = address;
    text += fmt::format("  {}  {:.2f} % of {} images, every logit{} equal to the model's\n",
                        address, 100 * measured.accuracy(), measured.images(),
                        options.effects.empty() ? "" : " and counter");
  }
  program.output(json, text);
}

}  // namespace

void add_eval(Program& program) {
  auto options = std::make_shared<EvalOptions>();
  CLI::App& command = program.add_command(
      "eval", "Accuracy on test images: on the model, and with --address on a device as well",
      "  crucible eval                                   the zoo's network, no variation, all test "
      "images\n"
      "  crucible eval --run runs/main --row margin-ascent\n"
      "  crucible eval --address sim:rtl --images 20     device and model must agree on every "
      "logit\n"
      "  crucible eval --effects configs/effects.yaml --chip-seed 7 --address sim:rtl --images 20\n"
      "docs/effects.md has the keys of the file.",
      [&program, options] { evaluate(program, *options); });
  command
      .add_option("--images", options->images, "Test images (default: all; with --address: 200)")
      ->type_name("N")
      ->check(CLI::PositiveNumber);
  command
      .add_option("--effects", options->effects,
                  "Effects file (crucible.effects/1): what the tile does beyond ideal products")
      ->type_name("FILE");
  command.add_option("--chip-seed", options->chip_seed, "Chip that the effects file makes (1)")
      ->type_name("N");
  options->add_to(command);
}

}  // namespace crucible::apps
