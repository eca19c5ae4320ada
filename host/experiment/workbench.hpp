// What an experiment stands on: data, network, tile, and the ADC's steps, made once from the
// configuration.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "host/base/i_workers.hpp"
#include "host/data/dataset.hpp"
#include "host/eval/evaluation.hpp"
#include "host/experiment/experiment_config.hpp"
#include "models/network/compiled_network.hpp"

namespace crucible::experiment {

/// The generated digit set that stands in for MNIST, and that models/zoo/lenet-strokes was trained
/// on.
inline constexpr uint64_t kStrokesSeed = 1;
inline constexpr int kStrokesTrain = 60000;
inline constexpr int kStrokesTest = 10000;

/// MNIST where it is found (or demanded), the generated strokes otherwise. Throws crucible::Error.
[[nodiscard]] data::Dataset load_data(const DataConfig& config);
/// The folder that a configuration's `network` means for this data set: a folder, the name of a
/// network in the zoo, or auto. The zoo is looked for in the current folder, then where the program
/// was built. Throws crucible::Error(kUsage) listing
/// where it looked.
[[nodiscard]] std::filesystem::path network_path(const std::string& network,
                                                 const data::Dataset& dataset);
/// Throws crucible::Error(kUsage) listing the known configurations.
[[nodiscard]] models::TileGeometry hardware_geometry(const std::string& hardware);
/// The device's address with the hardware configuration, where the address stands for something
/// that is started: sim:rtl, sim:tlm, sim:mixed, model.
[[nodiscard]] std::string device_address(const DeviceConfig& device);

/// Banks that a network takes.
[[nodiscard]] int banks_in_use(const models::CompiledNetwork& network);

class Workbench {
 public:
  /// Loads data and network, checks that they fit each other and the tile. Throws crucible::Error.
  /// workers: what is done with the bench is shared with them.
  explicit Workbench(const ExperimentConfig& config, IWorkers* workers = nullptr);

  [[nodiscard]] const ExperimentConfig& config() const { return config_; }
  [[nodiscard]] IWorkers* workers() const { return workers_; }
  [[nodiscard]] const data::Dataset& dataset() const { return dataset_; }
  [[nodiscard]] const models::QuantisedNetwork& network() const { return network_; }
  [[nodiscard]] const models::TileGeometry& geometry() const { return geometry_; }
  /// The first images. Throws crucible::Error(kUsage) naming both numbers where there are fewer.
  [[nodiscard]] eval::LabelledImages test_images(int count) const;
  [[nodiscard]] eval::LabelledImages training_images(int count) const;

  /// Calibrated on training images (once for each base and width), or transparent.
  [[nodiscard]] const models::AdcPlan& adc_plan(const TileConfig& tile);
  /// With injection on or off, and one offset LSB worth 2^-lsb_exp level.
  [[nodiscard]] models::CompiledNetwork compile(const TileConfig& tile, int lsb_exp, bool inject);
  /// Banks that the network takes.
  [[nodiscard]] int banks() const;

 private:
  ExperimentConfig config_;
  IWorkers* workers_;
  data::Dataset dataset_;
  models::QuantisedNetwork network_;
  models::TileGeometry geometry_;
  std::map<std::pair<int, int>, models::AdcPlan> plans_;  ///< by base and bits
  models::AdcPlan transparent_;
};

}  // namespace crucible::experiment
