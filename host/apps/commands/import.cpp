// `crucible import`: networks from elsewhere.
#include <fmt/format.h>

#include <algorithm>

#include "host/apps/command.hpp"
#include "host/experiment/network_folder.hpp"
#include "host/experiment/network_import.hpp"
#include "host/experiment/result_json.hpp"
#include "host/experiment/workbench.hpp"
#include "models/error.hpp"

namespace crucible::apps {
namespace {

using Json = nlohmann::ordered_json;

struct ImportOptions {
  std::string folder, out;
};

void import(Program& program, const ImportOptions& options) {
  if (std::filesystem::exists(options.out) &&
      std::filesystem::equivalent(options.folder, options.out)) {
    throw Error(
        ErrorKind::kUsage,
        fmt::format("import: --out {} is the folder that is read; name another one", options.out));
  }
  experiment::ExperimentConfig config = program.options().resolve();
  const data::Dataset dataset = experiment::load_data(config.data);
  // A configuration for larger data does not keep a network from being imported: the counts that
  // were used are in the output.
  config.tile.calibration_images = std::min(config.tile.calibration_images, dataset.train.count());
  config.images.model = std::min(config.images.model, dataset.test.count());
  const eval::LabelledImages training{dataset.train.images, dataset.train.labels};
  const experiment::ImportedNetwork imported =
      experiment::import_network(options.folder, training.first(config.tile.calibration_images));
  experiment::save_network(options.out, imported.network);
  config.network = options.out;
  experiment::Workbench bench(config);
  const models::CompiledNetwork compiled = bench.compile(config.tile, 8, false);
  const eval::LabelledImages test = bench.test_images(config.images.model);
  const eval::Evaluation tile = eval::evaluate_model(
      compiled, models::ChipOffsets(bench.geometry().cells(), 0), test, config.threads);
  Json json = {{"network", imported.network.name},
               {"out", options.out},
               {"data", dataset.name},
               {"images", test.count()},
               {"was_float", imported.was_float},
               {"border_approximated", imported.border_approximated}};
  std::string text = fmt::format("{} imported into {}\n", imported.network.name, options.out);
  if (imported.was_float) {
    const double exact = experiment::float_accuracy(imported, test);
    json["float_accuracy"] = exact;
    text += fmt::format("  as it came, in float      {:.2f} % of {} test images of {}\n",
                        100 * exact, test.count(), dataset.name);
  }
  json["tile_accuracy"] = tile.accuracy();
  text += fmt::format("  quantised, on the tile    {:.2f} %\n", 100 * tile.accuracy());
  if (imported.border_approximated) {
    program.reporter().line(
        "import: note: the input mean is folded into the first bias, and the first layer pads with "
        "zero "
        "pixels; outputs at the border differ slightly from the original's");
  }
  program.output(json, text);
}

}  // namespace

void add_import(Program& program) {
  auto options = std::make_shared<ImportOptions>();
  CLI::App& command = program.add_command(
      "import", "Bring a network: a folder with network.yaml, w_<layer>.npy, b_<layer>.npy",
      "  crucible import my-pytorch-lenet --out models/my-lenet     float32 weights are quantised "
      "(docs/results.md)\n"
      "  crucible run --network models/my-lenet",
      [&program, options] { import(program, *options); });
  command.add_option("folder", options->folder, "Folder to read")->type_name("FOLDER")->required();
  command.add_option("--out", options->out, "Network folder to write")
      ->type_name("FOLDER")
      ->required();
}

}  // namespace crucible::apps
