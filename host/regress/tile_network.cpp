#include "host/regress/tile_network.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/experiment/network_folder.hpp"
#include "host/experiment/workbench.hpp"
#include "models/error.hpp"
#include "models/tile/draw.hpp"

namespace crucible::regress {
namespace {

constexpr int kManyBanks = 1 << 20;
constexpr int kOffsetSpread = 24;  ///< LSB of 2^-8 level: nobody's worst case, but every cell moves

std::span<const uint8_t> first_images(const data::ImageSet& set, int count, const char* what) {
  if (count > set.count()) {
    throw Error(ErrorKind::kUsage, fmt::format("network: {} {} images asked for, there are {}",
                                               count, what, set.count()));
  }
  return std::span(set.images).first(set.images.size() / set.labels.size() * count);
}

}  // namespace

models::NetworkJob make_network_job(const TileConfig& tile,
                                    const experiment::ExperimentConfig& experiment, uint64_t seed) {
  const data::Dataset dataset = experiment::load_data(experiment.data);
  const models::QuantisedNetwork network =
      experiment::load_network(experiment::network_path(experiment.network, dataset));
  const TileNetwork& wanted = tile.network;
  models::TileGeometry geometry{tile.geometry.rows, tile.geometry.cols, kManyBanks};
  std::vector<models::LayerShape> shapes;
  for (const models::QuantisedLayer& layer : network.layers) shapes.push_back(layer.shape);
  int banks = 0;
  for (const models::LayerPlacement& placement : models::place(shapes, geometry)) {
    for (const models::BankPlacement& bank : placement.banks)
      banks = std::max(banks, bank.bank + 1);
  }
  geometry.banks = banks;
  models::TileSettings common;
  common.inject = tile.has("offset");
  common.base = wanted.base;
  const models::AdcPlan plan =
      models::calibrate_adc(network, geometry, wanted.base, wanted.adc_bits,
                            first_images(dataset.train, wanted.calibration_images, "training"),
                            wanted.calibration_images);
  models::NetworkJob job;
  job.network = models::compile(network, geometry, common, plan);
  const auto pixels = first_images(dataset.test, wanted.images, "test");
  job.images.assign(pixels.begin(), pixels.end());
  job.labels.assign(dataset.test.labels.begin(), dataset.test.labels.begin() + wanted.images);
  models::Draw draw(seed);
  if (common.inject) {
    job.offsets.resize(geometry.cells());
    for (int8_t& offset : job.offsets) {
      offset = static_cast<int8_t>(draw.uniform(-kOffsetSpread, kOffsetSpread));
    }
  }
  return job;
}

}  // namespace crucible::regress
