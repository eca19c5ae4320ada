#include "host/experiment/sensitivity_folder.hpp"

#include <algorithm>

#include "host/experiment/heat_map.hpp"
#include "host/experiment/npy.hpp"

namespace crucible::experiment {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::ordered_json;

fs::path change_file(const fs::path& folder, const std::string& layer) {
  return folder / (layer + "_change.npy");
}

void write_map(const fs::path& file, const CellMap& map, double largest) {
  save_npy<double>(file.string() + ".npy",
                   {static_cast<size_t>(map.rows), static_cast<size_t>(map.cols)}, map.values);
  write_heat_map(file.string() + ".png", map.rows, map.cols, map.values, largest);
}

}  // namespace

FoundChips SensitivityFolder::open(const models::QuantisedNetwork& network,
                                   const StudySettings& settings, StudyStart start) const {
  std::vector<std::string> stale;
  for (const models::QuantisedLayer& layer : network.layers)
    for (const char* end : {"_change.npy", "_clean.npy", "_clean.png", "_worst.npy", "_worst.png"})
      stale.push_back(layer.shape.name + end);
  const auto document = folder_.open(settings, start, stale);
  FoundChips found;
  if (!document) return found;
  try {
    if (document->contains("all")) found[kAllLayers] = found_from_json(document->at("all"));
    for (const Json& layer : document->at("layers"))
      found[layer.at("name").get<std::string>()] = found_from_json(layer.at("alone"));
  } catch (const nlohmann::json::exception& error) {
    folder_.refuse(error.what());
  }
  const auto all = found.find(kAllLayers);
  if (all == found.end()) return found;
  for (const models::QuantisedLayer& layer : network.layers)
    all->second.delta.push_back(load_npy<float>(change_file(folder_.path(), layer.shape.name),
                                                {layer.shape.out_channels, layer.shape.fan_in()})
                                    .values);
  return found;
}

void SensitivityFolder::save(const Sensitivity& study, const FoundChips& found) const {
  const auto all = found.find(kAllLayers);
  for (size_t l = 0; all != found.end() && found.size() == 1 && l < study.shapes.size(); ++l) {
    const models::LayerShape& shape = study.shapes[l];
    save_npy<float>(change_file(folder_.path(), shape.name),
                    {static_cast<size_t>(shape.out_channels), static_cast<size_t>(shape.fan_in())},
                    all->second.delta[l]);
  }
  Json json = {{"settings", study.settings}};
  if (all != found.end()) json["all"] = found_json(all->second);
  json["layers"] = Json::array();
  for (const models::LayerShape& shape : study.shapes) {
    const auto alone = found.find(shape.name);
    if (alone != found.end())
      json["layers"].push_back({{"name", shape.name}, {"alone", found_json(alone->second)}});
  }
  json["interrupted"] = true;
  folder_.save(json, {});
}

void SensitivityFolder::save_all(const Sensitivity& study) const {
  for (const LayerSensitivity& layer : study.layers) {
    // One scale for both, so that they can be compared.
    const double largest = std::max(layer.clean.largest(), layer.worst.largest());
    write_map(folder_.path() / (layer.name + "_clean"), layer.clean, largest);
    write_map(folder_.path() / (layer.name + "_worst"), layer.worst, largest);
  }
  folder_.save(sensitivity_json(study), {});
}

}  // namespace crucible::experiment
