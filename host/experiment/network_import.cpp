#include "host/experiment/network_import.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "host/experiment/layer_yaml.hpp"
#include "host/experiment/network_folder.hpp"
#include "host/experiment/npy.hpp"
#include "host/experiment/text_file.hpp"
#include "models/error.hpp"
#include "models/float_twin/float_twin.hpp"

namespace crucible::experiment {
namespace {

constexpr const char* kFloatSchema = "crucible.float_network/1";
constexpr int kLargestMagnitude = 15;

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& message) {
  throw Error(ErrorKind::kData, fmt::format("{}: {}", file.string(), message));
}

void require_finite(const std::filesystem::path& file, const std::vector<float>& values) {
  const auto bad =
      std::find_if(values.begin(), values.end(), [](float v) { return !std::isfinite(v); });
  if (bad != values.end()) {
    fail(file, fmt::format("element {} is {}, not a finite number", bad - values.begin(), *bad));
  }
}

/// [out][in][k][k] (or [out][in], also for 1 x 1 kernels) is [out][fan_in] in memory: channel,
/// kernel row, kernel column.
std::vector<float> load_weights(const std::filesystem::path& file,
                                const models::LayerShape& shape) {
  const bool flat =
      shape.kind == models::LayerKind::kFullyConnected || read_npy_header(file).shape.size() == 2;
  Array<float> array = flat ? load_npy<float>(file, {shape.out_channels, shape.fan_in()})
                            : load_npy<float>(file, {shape.out_channels, shape.in_channels,
                                                     shape.kernel, shape.kernel});
  require_finite(file, array.values);
  return std::move(array.values);
}

models::QuantisedLayer quantise(const std::filesystem::path& file, const models::LayerShape& shape,
                                const std::vector<float>& weights, std::vector<float>& exact) {
  models::QuantisedLayer layer;
  layer.shape = shape;
  double largest = 0;
  for (const float w : weights) largest = std::max(largest, std::abs(static_cast<double>(w)));
  if (largest == 0) fail(file, "every weight is zero; there is nothing to scale");
  layer.w_scale = largest / kLargestMagnitude;
  for (const float w : weights) {
    const double lsb = w / layer.w_scale;
    exact.push_back(static_cast<float>(lsb));
    layer.weights.push_back(static_cast<int8_t>(std::lround(lsb)));
  }
  return layer;
}

/// (x - mean) / std on the pixels divided by 255: the mean moves into the bias. weights:
/// [out][fan_in] in weight LSB.
template <class T>
std::vector<float> fold_mean(const models::QuantisedLayer& layer, const std::vector<T>& weights,
                             double shift) {
  std::vector<float> bias = layer.bias;
  const auto fan_in = static_cast<std::ptrdiff_t>(layer.shape.fan_in());
  for (size_t o = 0; o < bias.size(); ++o) {
    const auto row = weights.begin() + static_cast<std::ptrdiff_t>(o) * fan_in;
    const double sum = std::accumulate(row, row + fan_in, 0.0);
    bias[o] = static_cast<float>(bias[o] - sum * layer.w_scale * shift);
  }
  return bias;
}

/// Calls visit(twin, workspace, logits, index) for every chunk of images.
template <class Visit>
void for_each_chunk(const models::FloatTwin& twin, eval::LabelledImages images,
                    const Visit& visit) {
  models::FloatWorkspace workspace;
  for (int begin = 0; begin < images.count(); begin += models::FloatTwin::kChunk) {
    std::vector<int> index(
        static_cast<size_t>(std::min(models::FloatTwin::kChunk, images.count() - begin)));
    std::iota(index.begin(), index.end(), begin);
    std::vector<float> logits(index.size() * static_cast<size_t>(twin.classes()));
    twin.forward(images.pixels, index, workspace, logits);
    visit(workspace, logits, index);
  }
}

/// With every hidden scale at 1, a code is the real activation, so the maxima are real values.
void calibrate_activations(models::QuantisedNetwork& network, eval::LabelledImages images) {
  const models::FloatTwin twin(network, models::float_weights(network), models::Activations::kReal);
  std::vector<float> maxima(network.layers.size(), 0.0F), largest(network.layers.size(), 0.0F);
  for_each_chunk(twin, images,
                 [&](const models::FloatWorkspace& workspace, const auto&, const auto&) {
                   twin.activation_maxima(workspace, maxima);
                   for (size_t l = 0; l < maxima.size(); ++l)
                     largest[l] = std::max(largest[l], maxima[l]);
                 });
  for (size_t l = 0; l + 1 < network.layers.size(); ++l) {
    if (!(largest[l] > 0)) {
      throw Error(
          ErrorKind::kData,
          fmt::format(
              "import: layer {} is never active on the {} calibration images; are the input scale "
              "and the weights' layout right?",
              network.layers[l].shape.name, images.count()));
    }
    network.layers[l + 1].x_scale = largest[l] / 255.0;
  }
}

ImportedNetwork import_float(const std::filesystem::path& folder, eval::LabelledImages images) {
  const YamlMap file =
      load_yaml(folder / "network.yaml", kFloatSchema, {"name", "input", "layers"});
  const YamlMap input = file["input"].map({"mean", "std"});
  const double mean = input["mean"].number(-1e6, 1e6);
  const double deviation = input["std"].number(1e-6, 1e6);
  ImportedNetwork imported;
  imported.was_float = true;
  imported.network.name = file["name"].text();
  for (const YamlValue& item : file["layers"].list()) {
    const models::LayerShape shape = read_layer_shape(read_layer_map(item, {}));
    const std::filesystem::path weights = folder / ("w_" + shape.name + ".npy");
    const std::filesystem::path bias = folder / ("b_" + shape.name + ".npy");
    imported.exact.emplace_back();
    imported.network.layers.push_back(
        quantise(weights, shape, load_weights(weights, shape), imported.exact.back()));
    imported.network.layers.back().bias = load_npy<float>(bias, {shape.out_channels}).values;
    require_finite(bias, imported.network.layers.back().bias);
  }
  if (imported.network.layers.empty()) file["layers"].fail("a network has at least one layer");
  models::QuantisedLayer& first = imported.network.layers.front();
  first.x_scale = 1.0 / (255.0 * deviation);
  imported.exact_first_bias = fold_mean(first, imported.exact.front(), mean / deviation);
  first.bias = fold_mean(first, first.weights, mean / deviation);
  imported.border_approximated = mean != 0 && first.shape.pad > 0;
  imported.network.check();
  if (static_cast<size_t>(first.shape.in_size()) != images.image_size()) {
    fail(folder / "network.yaml",
         fmt::format("layer {} takes {} inputs, but an image of the data set has {} pixels",
                     first.shape.name, first.shape.in_size(), images.image_size()));
  }
  calibrate_activations(imported.network, images);
  return imported;
}

}  // namespace

ImportedNetwork import_network(const std::filesystem::path& folder,
                               eval::LabelledImages calibration) {
  const std::filesystem::path description = folder / "network.yaml";
  if (!std::filesystem::exists(description)) {
    throw Error(
        ErrorKind::kUsage,
        fmt::format("{}: no such file; a network is a folder with network.yaml, w_<layer>.npy and "
                    "b_<layer>.npy (docs/results.md)",
                    description.string()));
  }
  if (read_text(description).find(kFloatSchema) != std::string::npos) {
    return import_float(folder, calibration);
  }
  ImportedNetwork imported;
  imported.network = load_network(folder);
  imported.exact = models::float_weights(imported.network);
  imported.exact_first_bias = imported.network.layers.front().bias;
  return imported;
}

double float_accuracy(const ImportedNetwork& imported, eval::LabelledImages images) {
  models::QuantisedNetwork network = imported.network;
  network.layers.front().bias = imported.exact_first_bias;
  const models::FloatTwin twin(network, imported.exact, models::Activations::kReal);
  const auto classes = static_cast<size_t>(twin.classes());
  int correct = 0;
  for_each_chunk(twin, images,
                 [&](const auto&, const std::vector<float>& logits, const std::vector<int>& index) {
                   for (size_t i = 0; i < index.size(); ++i) {
                     const auto row = logits.begin() + static_cast<std::ptrdiff_t>(i * classes);
                     const auto best =
                         std::max_element(row, row + static_cast<std::ptrdiff_t>(classes)) - row;
                     correct += best == images.labels[static_cast<size_t>(index[i])] ? 1 : 0;
                   }
                 });
  return static_cast<double>(correct) / images.count();
}

}  // namespace crucible::experiment
