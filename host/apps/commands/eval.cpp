// `crucible eval`: accuracy of a network or of a stored chip, on the model and on a device.
#include <fmt/format.h>

#include "host/apps/chip_options.hpp"
#include "host/apps/command.hpp"
#include "host/driver/accelerator.hpp"
#include "host/eval/evaluation.hpp"
#include "host/experiment/hardware.hpp"
#include "host/experiment/result_json.hpp"
#include "host/experiment/stored_row.hpp"
#include "host/experiment/workbench.hpp"

namespace crucible::apps {
namespace {

using Json = nlohmann::ordered_json;

struct EvalOptions : ChipOptions {
  int images = 0;
};

/// Programs the device, measures, and requires that every logit equals the model's.
eval::Evaluation on_device(Program& program, const std::string& address,
                           const std::string& hardware, const models::CompiledNetwork& network,
                           const models::ChipOffsets& offsets, eval::LabelledImages images,
                           const eval::Evaluation& model) {
  constexpr int kChunk = 10;
  const int banks = experiment::banks_in_use(network);
  const auto opened = experiment::open_device(address, hardware);
  driver::Accelerator& device = *opened;
  device.program_levels(network.levels, banks);
  device.write_offsets(offsets, banks);
  driver::DeviceEngine engine(device, network);
  eval::Evaluation measured = eval::evaluate_engine(network, engine, images, kChunk, [&](int done) {
    program.reporter().progress("eval on " + address, static_cast<double>(done) / images.count(),
                                fmt::format("{} of {} images", done, images.count()));
    return !program.reporter().interrupted();
  });
  eval::require_equal_logits(measured, address, model, "the model");
  return measured;
}

void evaluate(Program& program, const EvalOptions& options) {
  experiment::ExperimentConfig config = program.options().resolve();
  if (!options.run.empty()) config.network = options.run + "/network";
  experiment::StoredRow row;
  if (!options.run.empty()) {
    row = experiment::load_stored_row(options.run, options.row);
    config.device.hardware = row.hardware;
  }
  experiment::Workbench bench(config);
  const models::CompiledNetwork network =
      options.run.empty() ? bench.compile(config.tile, 8, false) : row.compiled;
  if (row.offsets.empty()) row.offsets.assign(bench.geometry().cells(), 0);
  const bool device = !program.options().address.empty();
  const int count = options.images > 0 ? options.images
                    : device           ? config.images.hardware
                                       : config.images.model;
  const eval::LabelledImages images = bench.test_images(count);
  const eval::Evaluation model = eval::evaluate_model(network, row.offsets, images, config.threads);
  Json json = {{"network", bench.network().name}, {"data", bench.dataset().name}};
  if (!options.run.empty()) json["row"] = options.row;
  json["model"] = experiment::evaluation_json(model);
  json["model"]["saturations"] = model.counters.saturations;
  std::string text =
      fmt::format("{} on {}, {}\n  model     {:.2f} % of {} images\n", bench.network().name,
                  bench.dataset().name, options.run.empty() ? "no offsets" : "row " + options.row,
                  100 * model.accuracy(), model.images());
  if (device) {
    const std::string address = experiment::device_address(config.device);
    const eval::Evaluation measured =
        on_device(program, address, config.device.hardware, network, row.offsets, images, model);
    json["device"] = experiment::evaluation_json(measured);
    json["device"]["address"] = address;
    text += fmt::format("  {}  {:.2f} % of {} images, every logit equal to the model's\n", address,
                        100 * measured.accuracy(), measured.images());
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
      "logit",
      [&program, options] { evaluate(program, *options); });
  command
      .add_option("--images", options->images, "Test images (default: all; with --address: 200)")
      ->type_name("N")
      ->check(CLI::PositiveNumber);
  options->add_to(command);
}

}  // namespace crucible::apps
