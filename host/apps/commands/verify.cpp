// `crucible verify`: what a device holds, or what a result folder claims.
#include <fmt/format.h>

#include "host/apps/checks.hpp"
#include "host/apps/command.hpp"
#include "host/driver/accelerator.hpp"
#include "host/eval/evaluation.hpp"
#include "host/experiment/hardware.hpp"
#include "host/experiment/stored_row.hpp"
#include "host/experiment/workbench.hpp"
#include "models/error.hpp"

namespace crucible::apps {
namespace {

using Json = nlohmann::ordered_json;

struct VerifyOptions {
  std::string run;
  std::vector<std::string> rows;
  bool cells_only = false;
  int images = 0;
};

/// Reads every cell of the banks in use; the device keeps what it holds.
Json verify_cells(driver::Accelerator& device, const models::CompiledNetwork& network,
                  const models::ChipOffsets& offsets) {
  const int banks = experiment::banks_in_use(network);
  device.verify_levels(network.levels, banks);
  device.verify_offsets(offsets, banks);
  return {{"network", network.name},
          {"banks", banks},
          {"cells", network.geometry.cells() / static_cast<size_t>(network.geometry.banks) *
                        static_cast<size_t>(banks)}};
}

eval::Evaluation stored_evaluation(const experiment::StoredRow& row) {
  eval::Evaluation evaluation;
  evaluation.classes = row.compiled.classes();
  evaluation.logits = row.logits.values;
  evaluation.predicted.resize(row.logits.shape[0]);
  return evaluation;
}

Json verify_row(Program& program, driver::Accelerator& device, const data::Dataset& dataset,
                const experiment::StoredRow& row, int images) {
  const int banks = experiment::banks_in_use(row.compiled);
  const auto stored = static_cast<int>(row.logits.shape[0]);
  if (images > stored)
    throw Error(ErrorKind::kUsage,
                fmt::format("verify: {} images asked for, but row {} has the logits of {}; ask for "
                            "at most as many",
                            images, row.name, stored));
  const eval::LabelledImages part =
      eval::LabelledImages{dataset.test.images, dataset.test.labels}.first(images > 0 ? images
                                                                                      : stored);
  device.update_offsets(row.offsets, banks);
  driver::DeviceEngine engine(device, row.compiled);
  const std::string activity = "verify " + row.name;
  const eval::Evaluation measured =
      eval::evaluate_engine(row.compiled, engine, part, 10, [&](int done) {
        program.reporter().progress(activity, static_cast<double>(done) / part.count(),
                                    fmt::format("{} of {} images", done, part.count()));
        return !program.reporter().interrupted();
      });
  eval::require_equal_logits(measured, "the device, row " + row.name, stored_evaluation(row),
                             "the result folder");
  program.reporter().finish(
      activity, fmt::format("{}: {} images, every logit equal", row.name, measured.images()));
  return {{"row", row.name}, {"images", measured.images()}, {"accuracy", measured.accuracy()}};
}

void verify(Program& program, const VerifyOptions& options) {
  experiment::ExperimentConfig config = program.options().resolve();
  Json json = {{"rows", Json::array()}};
  if (options.run.empty()) {
    experiment::Workbench bench(config);
    const models::CompiledNetwork network = bench.compile(config.tile, 8, false);
    const auto opened =
        experiment::open_device(experiment::device_address(config.device), config.device.hardware);
    driver::Accelerator& device = *opened;
    json["cells"] = verify_cells(device, network, models::ChipOffsets(bench.geometry().cells(), 0));
  } else {
    const std::vector<std::string> rows =
        options.rows.empty() ? experiment::stored_rows(options.run) : options.rows;
    if (options.cells_only && rows.size() != 1) {
      throw Error(ErrorKind::kUsage,
                  "verify: --cells reads what one row left on the device; name it with --row");
    }
    experiment::StoredRow row = experiment::load_stored_row(options.run, rows.front());
    config.device.hardware = row.hardware;
    config.data.source =
        row.data == "mnist" ? experiment::DataSource::kMnist : experiment::DataSource::kStrokes;
    const auto opened =
        experiment::open_device(experiment::device_address(config.device), config.device.hardware);
    driver::Accelerator& device = *opened;
    if (options.cells_only) {
      json["cells"] = verify_cells(device, row.compiled, row.offsets);
    } else {
      const data::Dataset dataset = experiment::load_data(config.data);
      device.program_levels(row.compiled.levels, experiment::banks_in_use(row.compiled));
      for (const std::string& name : rows) {
        if (program.reporter().interrupted()) break;
        if (name != row.name) row = experiment::load_stored_row(options.run, name);
        json["rows"].push_back(verify_row(program, device, dataset, row, options.images));
      }
    }
  }
  std::string text;
  if (json.contains("cells")) {
    text += fmt::format("every level and offset equal: {} cells in {} banks\n",
                        json["cells"]["cells"].get<size_t>(), json["cells"]["banks"].get<int>());
  }
  for (const Json& row : json["rows"]) {
    text += fmt::format("{:<28} {} images, {:.2f} %, every logit equal\n",
                        row["row"].get<std::string>(), row["images"].get<int>(),
                        100 * row["accuracy"].get<double>());
  }
  program.output(json, text);
}

}  // namespace

void add_verify(Program& program) {
  auto options = std::make_shared<VerifyOptions>();
  CLI::App& command = program.add_command(
      "verify", "Hold a device's cells against a network, or a result folder against a device",
      "  crucible verify --address tcp:127.0.0.1:5555             cells against the network, "
      "offsets all zero\n"
      "  crucible verify --address tcp:127.0.0.1:5555 --run runs/main --row margin-ascent --cells\n"
      "  crucible verify --address sim:rtl --run runs/main        programs the device, compares "
      "every stored logit",
      [&program, options] { verify(program, *options); });
  CLI::Option* run =
      command.add_option("--run", options->run, "Result folder")->type_name("FOLDER");
  command.add_option("--row", options->rows, "Rows of that folder (default: all)")
      ->type_name("NAME")
      ->needs(run);
  command
      .add_flag("--cells", options->cells_only, "Only read the cells; program and multiply nothing")
      ->needs(run);
  command
      .add_option("--images", options->images, "At most so many images a row (default: all stored)")
      ->type_name("N")
      ->check(positive_number())
      ->needs(run);
}

}  // namespace crucible::apps
