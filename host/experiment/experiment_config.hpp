// The configuration of an experiment (schema crucible.experiment/1): what every command of the
// program works from.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "host/search/problem.hpp"
#include "models/variation/bound.hpp"
#include "models/variation/weight_box.hpp"

namespace crucible::experiment {

enum class DataSource { kAuto, kMnist, kStrokes };

struct DataConfig {
  DataSource source = DataSource::kAuto;
  std::string
      folder;  ///< of the IDX files; empty: looked for (CRUCIBLE_DATA, data/, ../shared/data)
};

struct DeviceConfig {
  std::string address = "sim:rtl";
  std::string hardware = "full";  ///< named configuration (spec/configs)
};

/// What a row sets on the tile beside its offsets.
struct TileConfig {
  int base = 0;              ///< BASE, 2^-8 level
  bool transparent = false;  ///< ADC; otherwise calibrated on training images
  int adc_bits = 8;
  int calibration_images = 1000;
  models::Realisation realisation = models::Realisation::kPair;
  friend bool operator==(const TileConfig&, const TileConfig&) = default;
};

struct ImageCounts {
  int model = 10000;   ///< test images for the accuracy on the model
  int hardware = 200;  ///< test images for every row on the hardware
  int search = 10000;  ///< images that a search works on
  int uart = 2;        ///< images measured over the UART's pins; 0: no UART leg
};

struct MonteCarloConfig {
  models::VariationBound bound = models::VariationBound::weight_fraction(0.03);
  double sigma = 0.5;  ///< in units of the bound
  int chips = 100;
  int images = 1000;
  int hardware_chips = 3;
};

/// The certified floor of every row's box.
struct BracketConfig {
  std::optional<int> images;  ///< first test images; 0: none; not given: the first 1,000
  bool tight = false;         ///< with the linear relaxation
};

enum class SearchOn { kTest, kTrain };

/// Coordinates: one for each weight, or in the second mode also one for each cell.
enum class SearchSpaceKind { kWeight, kDevice };

/// One row of the table.
struct SearchConfig {
  std::string name;    ///< of the row; letters, digits, '-', '_'
  std::string method;  ///< as the registry names it
  models::VariationBound bound = models::VariationBound::weight_fraction(0.03);
  TileConfig tile;
  SearchOn on = SearchOn::kTest;
  SearchSpaceKind space = SearchSpaceKind::kWeight;
  search::SearchSettings settings;
};

struct ExperimentConfig {
  std::string name = "main";  ///< the result folder is runs/<name>
  uint64_t seed = 1;
  int threads = 0;  ///< 0: the machine's; results do not depend on it
  DataConfig data;
  std::string network = "auto";  ///< a network folder; auto: the zoo's LeNet for the data
  DeviceConfig device;
  TileConfig tile;
  ImageCounts images;
  MonteCarloConfig monte_carlo;
  BracketConfig bracket;
  std::vector<SearchConfig> searches;
};

/// Throws crucible::Error(kUsage) at file:line:column.
[[nodiscard]] ExperimentConfig load_config(const std::filesystem::path& file);
/// configs/main.yaml, as it was when the program was built.
[[nodiscard]] ExperimentConfig default_config();
/// The same configuration as YAML; load_config() of it gives the same again.
[[nodiscard]] std::string write_config(const ExperimentConfig& config);
/// Fewer images, chips and steps: seconds instead of minutes.
void make_quick(ExperimentConfig& config);

/// A bound from its parts as a person writes them: convention weight | device | full-scale, idle
/// fixed | drifts (device conventions). Throws crucible::Error(kUsage).
[[nodiscard]] models::VariationBound make_bound(double value, const std::string& convention,
                                                const std::string& idle);
/// A tolerance for each slice, in levels per device, the least significant first. Throws
/// crucible::Error(kUsage).
[[nodiscard]] models::VariationBound make_slice_bound(const std::vector<double>& levels,
                                                      const std::string& idle);
[[nodiscard]] std::string convention_word(const models::VariationBound& bound);
[[nodiscard]] std::string idle_word(const models::VariationBound& bound);
[[nodiscard]] std::string space_word(SearchSpaceKind space);
[[nodiscard]] std::string realisation_word(models::Realisation realisation);

}  // namespace crucible::experiment
