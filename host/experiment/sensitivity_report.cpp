// The study of sensitivity as a document, a table and images; see sensitivity.hpp.
#include <fmt/format.h>

#include "host/experiment/result_json.hpp"
#include "host/experiment/sensitivity.hpp"

namespace crucible::experiment {
namespace {

using Json = nlohmann::ordered_json;

double percent(int part, int whole) { return whole > 0 ? 100.0 * part / whole : 0.0; }

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

}  // namespace

Json found_json(const FoundChip& chip) {
  return {{"images", chip.images},
          {"correct", chip.correct},
          {"accuracy", percent(chip.correct, chip.images) / 100},
          {"search_accuracy", chip.search_accuracy},
          {"gradient_evaluations", chip.gradient_evaluations}};
}

FoundChip found_from_json(const Json& json) {
  return {.images = json.at("images").get<int>(),
          .correct = json.at("correct").get<int>(),
          .search_accuracy = json.at("search_accuracy").get<double>(),
          .gradient_evaluations = json.at("gradient_evaluations").get<uint64_t>(),
          .delta = {}};
}

Json sensitivity_json(const Sensitivity& study) {
  Json layers = Json::array();
  for (const LayerSensitivity& layer : study.layers) layers.push_back(layer_json(layer));
  return {{"schema", "crucible.sensitivity/1"},
          {"settings", study.settings},
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

}  // namespace crucible::experiment
