#include "host/experiment/network_folder.hpp"

#include <fmt/format.h>

#include <cmath>

#include "host/experiment/layer_yaml.hpp"
#include "host/experiment/npy.hpp"
#include "host/experiment/text_file.hpp"
#include "models/error.hpp"

namespace crucible::experiment {
namespace {

constexpr const char* kSchema = "crucible.network/1";

std::filesystem::path weights_file(const std::filesystem::path& folder, const std::string& layer) {
  return folder / ("w_" + layer + ".npy");
}
std::filesystem::path bias_file(const std::filesystem::path& folder, const std::string& layer) {
  return folder / ("b_" + layer + ".npy");
}

void check_values(const std::filesystem::path& folder, const models::QuantisedLayer& layer) {
  const int fan_in = layer.shape.fan_in();
  for (size_t i = 0; i < layer.weights.size(); ++i) {
    if (layer.weights[i] < -15 || layer.weights[i] > 15) {
      throw Error(ErrorKind::kData,
                  fmt::format("{}: weight [{}, {}] is {}, but a weight is -15 .. 15",
                              weights_file(folder, layer.shape.name).string(),
                              i / static_cast<size_t>(fan_in), i % static_cast<size_t>(fan_in),
                              layer.weights[i]));
    }
  }
  for (size_t i = 0; i < layer.bias.size(); ++i) {
    if (!std::isfinite(layer.bias[i])) {
      throw Error(ErrorKind::kData, fmt::format("{}: bias [{}] is not a finite number",
                                                bias_file(folder, layer.shape.name).string(), i));
    }
  }
}

}  // namespace

models::QuantisedNetwork load_network(const std::filesystem::path& folder) {
  if (!std::filesystem::is_directory(folder)) {
    throw Error(
        ErrorKind::kUsage,
        fmt::format("network: {} is not a folder; it should hold network.yaml and w_<layer>.npy, "
                    "b_<layer>.npy (docs/results.md)",
                    folder.string()));
  }
  const YamlMap file = load_yaml(folder / "network.yaml", kSchema, {"name", "layers"});
  models::QuantisedNetwork network;
  network.name = file["name"].text();
  for (const YamlValue& item : file["layers"].list()) {
    const YamlMap map = read_layer_map(item, {"w_scale", "x_scale"});
    models::QuantisedLayer layer;
    layer.shape = read_layer_shape(map);
    layer.w_scale = map["w_scale"].number(1e-12, 1e12);
    layer.x_scale = map["x_scale"].number(1e-12, 1e12);
    const std::string& name = layer.shape.name;
    layer.weights = load_npy<int8_t>(weights_file(folder, name),
                                     {layer.shape.out_channels, layer.shape.fan_in()})
                        .values;
    layer.bias = load_npy<float>(bias_file(folder, name), {layer.shape.out_channels}).values;
    check_values(folder, layer);
    network.layers.push_back(std::move(layer));
  }
  try {
    network.check();
  } catch (const Error& e) {
    throw Error(e.kind(), fmt::format("{}: {}", (folder / "network.yaml").string(), e.what()));
  }
  return network;
}

void save_network(const std::filesystem::path& folder, const models::QuantisedNetwork& network) {
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  if (failure) {
    throw Error(ErrorKind::kData,
                fmt::format("{}: cannot be created: {}", folder.string(), failure.message()));
  }
  std::string yaml =
      fmt::format("schema: {}\nname: {}\nlayers:\n", kSchema, yaml_text(network.name));
  for (const models::QuantisedLayer& layer : network.layers) {
    yaml += write_layer_shape(layer.shape);
    yaml += fmt::format("    w_scale: {}\n    x_scale: {}\n", layer.w_scale, layer.x_scale);
    const auto outputs = static_cast<size_t>(layer.shape.out_channels);
    save_npy<int8_t>(weights_file(folder, layer.shape.name),
                     {outputs, static_cast<size_t>(layer.shape.fan_in())}, layer.weights);
    save_npy<float>(bias_file(folder, layer.shape.name), {outputs}, layer.bias);
  }
  write_text(folder / "network.yaml", yaml);
}

}  // namespace crucible::experiment
