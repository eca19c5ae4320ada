#include "host/experiment/workbench.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/experiment/equal_bench.hpp"
#include "host/experiment/nearest.hpp"
#include "host/experiment/network_folder.hpp"
#include "host/port/open_port.hpp"
#include "models/error.hpp"
#include "models/mapping/placement.hpp"
#include "spec/gen/crucible_spec.hpp"

namespace crucible::experiment {
namespace {

eval::LabelledImages view(const data::ImageSet& set, int count, const char* what,
                          const std::string& data) {
  if (count > set.count())
    throw Error(
        ErrorKind::kUsage,
        fmt::format("images: {} {} images asked for, but {} has {}; ask for at most as many", count,
                    what, data, set.count()));
  return eval::LabelledImages{set.images, set.labels}.first(count);
}

void check_fit(const data::Dataset& dataset, const models::QuantisedNetwork& network) {
  const int pixels = dataset.height * dataset.width;
  const models::LayerShape& first = network.layers.front().shape;
  const models::LayerShape& last = network.layers.back().shape;
  if (first.in_size() == pixels && last.out_channels == dataset.classes) return;
  throw Error(ErrorKind::kData, fmt::format("network {} takes {} inputs and gives {} classes, but "
                                            "the images of {} have {} pixels and {} "
                                            "classes; choose a network for this data",
                                            network.name, first.in_size(), last.out_channels,
                                            dataset.name, pixels, dataset.classes));
}

}  // namespace

data::Dataset load_data(const DataConfig& config) {
  if (config.source != DataSource::kStrokes) {
    if (const auto folder = data::find_mnist(config.folder)) return data::load_mnist(*folder);
    if (config.source == DataSource::kMnist) {
      throw Error(ErrorKind::kUsage,
                  "data: MNIST was asked for but its files are not in CRUCIBLE_DATA, data/ or "
                  "../shared/data; "
                  "say where with --data FOLDER, or fetch them with 'make data'");
    }
  }
  return data::generate_strokes(kStrokesSeed, kStrokesTrain, kStrokesTest);
}

std::filesystem::path network_path(const std::string& network, const data::Dataset& dataset) {
  namespace fs = std::filesystem;
  const bool automatic = network == "auto";
  const bool name = network.find('/') == std::string::npos && !fs::exists(network);
  if (!automatic && !name) return network;
  const fs::path zoo = fs::path("models/zoo") / (automatic ? "lenet-" + dataset.name : network);
  const fs::path built = fs::path(CRUCIBLE_SOURCE_FOLDER) / zoo;
  for (const auto& folder : {zoo, built}) {
    if (fs::exists(folder / "network.yaml")) return folder;
  }
  if (!automatic) return network;
  throw Error(ErrorKind::kUsage, fmt::format("network: no trained network for {}: looked in {} and "
                                             "{}; name one with --network FOLDER, or "
                                             "train one with 'crucible train'",
                                             dataset.name, zoo.string(), built.string()));
}

models::TileGeometry hardware_geometry(const std::string& hardware) {
  std::vector<std::string> known;
  for (const auto& config : spec::kConfigs) {
    if (config.name == hardware) return {config.rows, config.cols, config.banks};
    known.emplace_back(config.name);
  }
  throw Error(ErrorKind::kUsage,
              fmt::format("hardware: the configurations are {}, found '{}'{}",
                          fmt::join(known, ", "), hardware, did_you_mean(hardware, known)));
}

std::string device_address(const DeviceConfig& device) {
  // The last part is what a recording is around.
  const std::string_view inner =
      std::string_view(device.address).substr(device.address.rfind(',') + 1);
  const bool started = inner == "model" || port::emulation(inner) == inner;
  return started ? device.address + ":" + device.hardware : device.address;
}

int banks_in_use(const models::CompiledNetwork& network) {
  int last = 0;
  for (const models::CompiledLayer& layer : network.layers) {
    for (const models::BankPlacement& bank : layer.placement.banks)
      last = std::max(last, bank.bank);
  }
  return last + 1;
}

Workbench::Workbench(const ExperimentConfig& config, IWorkers* workers)
    : config_(config),
      workers_(workers),
      dataset_(load_data(config.data)),
      network_(load_network(network_path(config.network, dataset_))),
      geometry_(hardware_geometry(config.device.hardware)) {
  require_equal_bench(*this);
  check_fit(dataset_, network_);
  transparent_.transparent = true;
  transparent_.step_exp.assign(network_.layers.size(), 0);
}

eval::LabelledImages Workbench::test_images(int count) const {
  return view(dataset_.test, count, "test", dataset_.name);
}

eval::LabelledImages Workbench::training_images(int count) const {
  return view(dataset_.train, count, "training", dataset_.name);
}

const models::AdcPlan& Workbench::adc_plan(const TileConfig& tile) {
  if (tile.transparent) return transparent_;
  const auto key = std::pair(tile.base, tile.adc_bits);
  const auto known = plans_.find(key);
  if (known != plans_.end()) return known->second;
  const eval::LabelledImages images = training_images(tile.calibration_images);
  return plans_
      .emplace(key, models::calibrate_adc(network_, geometry_, tile.base, tile.adc_bits,
                                          images.pixels, images.count()))
      .first->second;
}

models::CompiledNetwork Workbench::compile(const TileConfig& tile, int lsb_exp, bool inject) {
  models::TileSettings common;
  common.inject = inject;
  common.lsb_exp = lsb_exp;
  common.base = tile.base;
  return models::compile(network_, geometry_, common, adc_plan(tile));
}

int Workbench::banks() const {
  std::vector<models::LayerShape> shapes;
  for (const models::QuantisedLayer& layer : network_.layers) shapes.push_back(layer.shape);
  int last = 0;
  for (const models::LayerPlacement& placement : models::place(shapes, geometry_)) {
    for (const models::BankPlacement& bank : placement.banks) last = std::max(last, bank.bank);
  }
  return last + 1;
}

}  // namespace crucible::experiment
