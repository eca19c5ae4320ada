#include "host/experiment/stored_row.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "host/experiment/nearest.hpp"
#include "host/experiment/network_folder.hpp"
#include "host/experiment/result_folder.hpp"
#include "host/experiment/text_file.hpp"
#include "host/experiment/workbench.hpp"
#include "models/error.hpp"

namespace crucible::experiment {
namespace {

using Json = nlohmann::json;

/// Calls read(json) and turns what JSON throws into an error with the file's name.
template <class Read>
auto with_json(const std::filesystem::path& folder, const Read& read) {
  const std::filesystem::path file = folder / "result.json";
  try {
    const Json json = Json::parse(read_text(file));
    if (json.at("schema") != "crucible.result/1") {
      throw Error(ErrorKind::kData, fmt::format("{}: expected schema crucible.result/1, found {}",
                                                file.string(), json.at("schema").dump()));
    }
    return read(json);
  } catch (const Json::exception& e) {
    throw Error(ErrorKind::kData, fmt::format("{}: {}", file.string(), e.what()));
  }
}

const Json& find_row(const Json& json, const std::filesystem::path& folder,
                     const std::string& name) {
  std::vector<std::string> known;
  for (const Json& row : json.at("rows")) {
    if (row.at("name") == name) return row;
    known.push_back(row.at("name"));
  }
  throw Error(ErrorKind::kUsage, fmt::format("{}: no row '{}'{} Rows: {}", folder.string(), name,
                                             did_you_mean(name, known), fmt::join(known, ", ")));
}

models::AdcPlan stored_plan(const Json& row, int lsb_exp) {
  models::AdcPlan plan;
  for (const Json& layer : row.at("layers")) {
    plan.transparent = layer.at("transparent").get<bool>();
    plan.bits = layer.at("bits").get<int>();
    plan.step_exp.push_back(plan.transparent ? 0 : layer.at("shift").get<int>() - lsb_exp);
  }
  return plan;
}

template <class T>
void require_same(const std::filesystem::path& file, const std::vector<T>& stored,
                  const std::vector<T>& expected) {
  const auto [a, b] = std::mismatch(stored.begin(), stored.end(), expected.begin(), expected.end());
  if (a == stored.end() && b == expected.end()) return;
  throw Error(ErrorKind::kMismatch,
              fmt::format("{}: element {} is {}, but the network compiles to {}; the folder was "
                          "changed, or was made by "
                          "another version",
                          file.string(), a - stored.begin(), static_cast<int64_t>(*a),
                          static_cast<int64_t>(*b)));
}

/// Puts the cells of one layer where they lie in the tile: the inverse of layer_cells().
void place_offsets(const models::CompiledNetwork& network, size_t layer,
                   const std::vector<int8_t>& values, models::ChipOffsets& offsets) {
  const models::CompiledLayer& l = network.layers[layer];
  size_t next = 0;
  for (int input = 0; input < l.shape.fan_in(); ++input) {
    for (int output = 0; output < l.shape.out_channels; ++output) {
      for (const auto polarity : {models::Polarity::kPositive, models::Polarity::kNegative}) {
        for (const int slice : {0, 1}) {
          offsets[models::cell_index(network.geometry, l.placement, output, input, slice,
                                     polarity)] = values[next++];
        }
      }
    }
  }
}

void check_layers(const std::filesystem::path& folder, const std::filesystem::path& row_folder,
                  StoredRow& row) {
  const models::CompiledNetwork& network = row.compiled;
  row.offsets.assign(network.geometry.cells(), 0);
  for (size_t l = 0; l < network.layers.size(); ++l) {
    const models::LayerShape& shape = network.layers[l].shape;
    const std::vector<int64_t> cells{shape.fan_in(), 4 * int64_t{shape.out_channels}};
    const auto levels = folder / "cells" / ("levels_" + shape.name + ".npy");
    require_same(levels, load_npy<uint8_t>(levels, cells).values,
                 layer_cells<uint8_t>(network, l, network.levels));
    const auto bias = row_folder / ("bias_" + shape.name + ".npy");
    require_same(bias, load_npy<int64_t>(bias, {shape.out_channels}).values,
                 network.layers[l].bias);
    place_offsets(network, l,
                  load_npy<int8_t>(row_folder / ("offsets_" + shape.name + ".npy"), cells).values,
                  row.offsets);
  }
}

}  // namespace

std::vector<std::string> stored_rows(const std::filesystem::path& folder) {
  return with_json(folder, [](const Json& json) {
    std::vector<std::string> names;
    for (const Json& row : json.at("rows")) names.push_back(row.at("name"));
    return names;
  });
}

StoredRow load_stored_row(const std::filesystem::path& folder, const std::string& name) {
  StoredRow stored;
  stored.name = name;
  stored.network = load_network(folder / "network");
  stored.hardware = load_config(folder / "config.yaml").device.hardware;
  with_json(folder, [&](const Json& json) {
    stored.data = json.at("data").at("name");
    const Json& row = find_row(json, folder, name);
    models::TileSettings common;
    common.inject = row.at("tile").at("inject").get<bool>();
    common.lsb_exp = row.at("tile").at("lsb_exp").get<int>();
    common.base = row.at("tile").at("base").get<int>();
    stored.compiled = models::compile(stored.network, hardware_geometry(stored.hardware), common,
                                      stored_plan(row, common.lsb_exp));
    return 0;
  });
  const std::filesystem::path row_folder = folder / "rows" / name;
  check_layers(folder, row_folder, stored);
  stored.logits =
      load_npy<int64_t>(row_folder / "logits.npy", {kAnyLength, stored.compiled.classes()});
  return stored;
}

}  // namespace crucible::experiment
