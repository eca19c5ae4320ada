// The study of sensitivity as a document, a table and images; see sensitivity.hpp.
#include <fmt/format.h>

#include <algorithm>

#include "host/experiment/heat_map.hpp"
#include "host/experiment/npy.hpp"
#include "host/experiment/result_json.hpp"
#include "host/experiment/sensitivity.hpp"
#include "host/experiment/text_file.hpp"
#include "models/error.hpp"

namespace crucible::experiment {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::ordered_json;

double percent(int part, int whole) { return whole > 0 ? 100.0 * part / whole : 0.0; }

Json found_json(const FoundChip& chip) {
  return {{"images", chip.images},
          {"correct", chip.correct},
          {"accuracy", percent(chip.correct, chip.images) / 100},
          {"search_accuracy", chip.search_accuracy},
          {"gradient_evaluations", chip.gradient_evaluations}};
}

Json map_json(const CellMap& map) {
  return {{"sum", map.total()}, {"largest_cell", map.largest()}};
}

Json layer_json(const LayerSensitivity& layer) {
  Json banks = Json::array();
  for (const models::BankPlacement& bank : layer.banks) {
    banks.push_back({{"bank", bank.bank},
                     {"first_input", bank.first_input},
                     {"inputs", bank.inputs},
                     {"first_output", bank.first_output},
                     {"outputs", bank.outputs},
                     {"clean", bank_sum(layer.clean, bank)},
                     {"worst", bank_sum(layer.worst, bank)}});
  }
  return {{"name", layer.name},
          {"cells", {layer.clean.rows, layer.clean.cols}},
          {"alone", found_json(layer.alone)},
          {"clean", map_json(layer.clean)},
          {"worst", map_json(layer.worst)},
          {"banks", std::move(banks)}};
}

void write_map(const fs::path& file, const CellMap& map, double largest) {
  save_npy<double>(file.string() + ".npy",
                   {static_cast<size_t>(map.rows), static_cast<size_t>(map.cols)}, map.values);
  write_heat_map(file.string() + ".png", map.rows, map.cols, map.values, largest);
}

}  // namespace

Json sensitivity_json(const Sensitivity& study) {
  Json layers = Json::array();
  for (const LayerSensitivity& layer : study.layers) layers.push_back(layer_json(layer));
  return {{"schema", "crucible.sensitivity/1"},
          {"network", study.network},
          {"data", study.data},
          {"bound", bound_json(study.config.bound)},
          {"realisation", realisation_word(study.config.tile.realisation)},
          {"base", study.config.tile.base},
          {"method", study.config.method},
          {"effort", study.config.settings.effort},
          {"clean", {{"images", study.clean_images}, {"correct", study.clean_correct}}},
          {"all", found_json(study.all)},
          {"layers", std::move(layers)},
          {"interrupted", study.interrupted}};
}

std::string sensitivity_text(const Sensitivity& study) {
  std::string text = fmt::format(
      "{} on {}, {} images, clean {:.2f} %; {}, {} with effort {:g}\n"
      "  moves           worst found  first order, clean  first order, worst  banks\n"
      "  {:<14}  {:9.2f} %\n",
      study.network, study.data, study.clean_images,
      percent(study.clean_correct, study.clean_images), study.config.bound.describe(),
      study.config.method, study.config.settings.effort, "all layers",
      percent(study.all.correct, study.all.images));
  for (const LayerSensitivity& layer : study.layers) {
    text += fmt::format("  {:<14}  {:9.2f} %  {:18.4g}  {:18.4g}  {:5}\n", layer.name,
                        percent(layer.alone.correct, layer.alone.images), layer.clean.total(),
                        layer.worst.total(), layer.banks.size());
  }
  return text + (study.interrupted ? "INTERRUPTED: the layers that are complete.\n" : "");
}

void prepare_sensitivity_folder(const fs::path& folder) {
  if (fs::exists(folder) && !fs::is_empty(folder) && !fs::exists(folder / "sensitivity.json")) {
    throw Error(ErrorKind::kUsage,
                fmt::format("{}: is there already and is no study of sensitivity (no "
                            "sensitivity.json); choose another --name or --out, or remove it",
                            folder.string()));
  }
  std::error_code failure;
  fs::create_directories(folder, failure);
  if (failure) {
    throw Error(ErrorKind::kData,
                fmt::format("{}: cannot be created: {}; is there space and permission?",
                            folder.string(), failure.message()));
  }
}

void write_sensitivity(const fs::path& folder, const Sensitivity& study) {
  write_text(folder / "sensitivity.json", sensitivity_json(study).dump(2) + "\n");
  for (const LayerSensitivity& layer : study.layers) {
    // One scale for both, so that they can be compared.
    const double largest = std::max(layer.clean.largest(), layer.worst.largest());
    write_map(folder / (layer.name + "_clean"), layer.clean, largest);
    write_map(folder / (layer.name + "_worst"), layer.worst, largest);
  }
}

}  // namespace crucible::experiment
