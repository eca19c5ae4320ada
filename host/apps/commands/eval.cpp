// `crucible eval`: accuracy of a network or of a stored chip, on the model and on a device.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "host/apps/checks.hpp"
#include "host/apps/chip_options.hpp"
#include "host/apps/command.hpp"
#include "host/driver/accelerator.hpp"
#include "host/eval/evaluation.hpp"
#include "host/experiment/effects_chip.hpp"
#include "host/experiment/hardware.hpp"
#include "host/experiment/result_json.hpp"
#include "host/experiment/start_firmware.hpp"
#include "host/experiment/stopwatch.hpp"
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
  bool on_board = false;
  bool without_engine = false;  ///< firmware runs the layers even where the layer engine could
  std::string firmware;         ///< ELF; empty: the one beside the program
  bool stats = false;
};

/// What a device gave, and what it took while it ran the images.
struct Measured {
  eval::Evaluation evaluation;
  uint64_t bytes_sent = 0, bytes_received = 0;
  uint64_t tile_cycles = 0;                  ///< with a job running
  std::optional<board::RunCycles> on_board;  ///< of the core
  double seconds = 0;                        ///< of the images
  std::string runs;                          ///< who ran the layers on the board
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

/// The host runs the layers, the device multiplies.
Measured run_from_host(driver::Accelerator& device, const Subject& subject,
                       const eval::Progress& progress) {
  constexpr int kChunk = 10;
  driver::DeviceEngine engine(device, subject.network);
  const port::PortStatistics before = device.port().statistics();
  Measured measured;
  measured.evaluation =
      eval::evaluate_engine(subject.network, engine, subject.images, kChunk, progress);
  const port::PortStatistics after = device.port().statistics();
  measured.bytes_sent = after.bytes_sent - before.bytes_sent;
  measured.bytes_received = after.bytes_received - before.bytes_received;
  return measured;
}

/// Firmware runs the layers: images in, logits out.
Measured run_on_board(driver::Accelerator& device, const EvalOptions& options,
                      const Subject& subject, const eval::Progress& progress) {
  board::BoardRunner runner = experiment::start_firmware(device, options.firmware);
  runner.load(subject.network,
              options.without_engine ? board::Path::kFirmware : board::Path::kEngine);
  const port::PortStatistics before = device.port().statistics();
  std::vector<int64_t> logits =
      runner.run(subject.images.pixels, subject.images.count(), 0,
                 [&](uint32_t done) { return progress(static_cast<int>(done)); });
  const port::PortStatistics after = device.port().statistics();
  Measured measured;
  measured.evaluation = eval::evaluation_of(subject.network, subject.images, std::move(logits));
  measured.bytes_sent = after.bytes_sent - before.bytes_sent;
  measured.bytes_received = after.bytes_received - before.bytes_received;
  measured.on_board = runner.cycles();
  measured.runs = runner.runs();
  return measured;
}

/// Programs the device, makes the chip there, measures, and requires that every cell, logit and
/// counter equals the model's.
Measured on_device(Program& program, const std::string& address, const std::string& hardware,
                   const Subject& subject, const EvalOptions& options) {
  const auto opened = experiment::open_device(address, hardware);
  driver::Accelerator& device = *opened;
  experiment::program_campaign(device, subject.plan, subject.network, subject.chip);
  device.clear_counters();
  experiment::generate_on(device, subject.plan, subject.seed);
  if (subject.plan.generated) experiment::verify_chip(device, subject.chip);
  const int count = subject.images.count();
  const auto progress = [&](int done) {
    program.reporter().progress("eval on " + address, static_cast<double>(done) / count,
                                fmt::format("{} of {} images", done, count));
    return !program.reporter().interrupted();
  };
  const experiment::Stopwatch watch;
  Measured measured = options.on_board ? run_on_board(device, options, subject, progress)
                                       : run_from_host(device, subject, progress);
  measured.seconds = watch.seconds();
  eval::require_equal_logits(measured.evaluation, address, subject.model, "the model");
  const driver::DeviceCounters counters = device.counters();
  measured.tile_cycles = counters.busy_cycles;
  if (measured.evaluation.images() == subject.model.images() && device.identity().effects)
    experiment::require_equal_counters(counters, address, subject.model.counters,
                                       subject.chip.pulses, subject.chip.unverified);
  return measured;
}

double per_image(const Measured& measured, uint64_t total) {
  return static_cast<double>(total) / std::max(measured.evaluation.images(), 1);
}

/// Of a board with this clock, by the core's cycles; the wire is not counted.
double images_per_second(const Measured& m) {
  constexpr double kClockHz = 50e6;
  return kClockHz / per_image(m, m.on_board->all);
}

Json stats_json(const Measured& m) {
  Json json = {{"wire_bytes_per_image", per_image(m, m.bytes_sent + m.bytes_received)},
               {"bytes_sent_per_image", per_image(m, m.bytes_sent)},
               {"bytes_received_per_image", per_image(m, m.bytes_received)},
               {"tile_cycles_per_image", per_image(m, m.tile_cycles)}};
  if (m.on_board) {
    json["core_cycles_per_image"] = per_image(m, m.on_board->all);
    json["waiting_cycles_per_image"] = per_image(m, m.on_board->waiting);
    json["layers_run_by"] = m.runs;
    json["images_per_second_at_50_mhz"] = images_per_second(m);
  }
  json["seconds"] = m.seconds;
  return json;
}

std::string stats_text(const Measured& m) {
  std::string text = fmt::format(
      "  an image  {:.1f} bytes on the wire ({:.1f} sent, {:.1f} received), {:.0f} cycles with the "
      "tile busy\n",
      per_image(m, m.bytes_sent + m.bytes_received), per_image(m, m.bytes_sent),
      per_image(m, m.bytes_received), per_image(m, m.tile_cycles));
  if (m.on_board)
    text += fmt::format(
        "            {:.0f} cycles of the core, {:.0f} of them waiting; layers run by {}\n",
        per_image(m, m.on_board->all), per_image(m, m.on_board->waiting), m.runs);
  text += fmt::format("            {:.2f} s for all {} here", m.seconds, m.evaluation.images());
  if (m.on_board)
    text += fmt::format("; a board at 50 MHz: {:.3f} ms an image, {:.0f} images a second",
                        1000 / images_per_second(m), images_per_second(m));
  return text + "\n";
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
  if ((options.on_board || options.stats) && program.options().address.empty())
    throw Error(ErrorKind::kUsage,
                "eval: --on-board and --stats are of a device; name one with "
                "--address");
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
    const Measured found = on_device(program, address, config.device.hardware, subject, options);
    const eval::Evaluation& measured = found.evaluation;
    json["device"] = experiment::evaluation_json(measured);
    json["device"]["address"] = address;
    text += fmt::format("  {}  {:.2f} % of {} images, every logit{} equal to the model's\n",
                        address, 100 * measured.accuracy(), measured.images(),
                        options.effects.empty() ? "" : " and counter");
    if (options.stats) {
      json["device"]["stats"] = stats_json(found);
      text += stats_text(found);
    }
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
      "  crucible eval --address sim:rtl:full_soc --on-board --stats --images 20\n"
      "  crucible eval --effects configs/effects.yaml --chip-seed 7 --address sim:rtl --images 20\n"
      "docs/effects.md has the keys of the file.",
      [&program, options] { evaluate(program, *options); });
  command
      .add_option("--images", options->images, "Test images (default: all; with --address: 200)")
      ->type_name("N")
      ->check(positive_number());
  command
      .add_option("--effects", options->effects,
                  "Effects file (crucible.effects/1): what the tile does beyond ideal products")
      ->type_name("FILE");
  command.add_option("--chip-seed", options->chip_seed, "Chip that the effects file makes (1)")
      ->type_name("N");
  CLI::Option* on_board = command.add_flag(
      "--on-board", options->on_board,
      "Firmware on the device runs the layers: images in, logits out (firmware/README.md)");
  command
      .add_option("--firmware", options->firmware,
                  "ELF of the firmware (default: CRUCIBLE_FIRMWARE, or the one beside the program)")
      ->type_name("FILE")
      ->needs(on_board);
  command
      .add_flag("--without-engine", options->without_engine,
                "Firmware runs the layers even where the board's layer engine can")
      ->needs(on_board);
  command.add_flag("--stats", options->stats,
                   "Bytes on the wire and clock cycles an image, of the device");
  options->add_to(command);
}

}  // namespace crucible::apps
