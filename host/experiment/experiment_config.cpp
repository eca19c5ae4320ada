#include "host/experiment/experiment_config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <limits>
#include <span>

#include "host/experiment/main_config.hpp"
#include "host/experiment/yaml_reader.hpp"
#include "host/search/device/registry.hpp"
#include "host/search/loss/loss.hpp"
#include "host/search/optimiser/optimiser.hpp"
#include "host/search/registry.hpp"
#include "host/search/start.hpp"
#include "models/error.hpp"

namespace crucible::experiment {
namespace {

using models::VariationBound;

constexpr const char* kSchema = "crucible.experiment/1";
constexpr int64_t kMaxImages = 1'000'000;
/// Far beyond any grid: what the grid cannot hold is refused where its limits are known.
constexpr double kMostBound = 1e6;

const std::vector<std::string> kKeys{"name",   "seed", "threads", "data",        "network",
                                     "device", "tile", "images",  "monte_carlo", "searches"};
const std::vector<std::string> kOptionalKeys{"bracket"};
const std::vector<std::string> kConventions{"weight", "device", "full-scale"};
const std::vector<std::string> kIdle{"fixed", "drifts"};
const std::vector<std::string> kSources{"auto", "mnist", "strokes"};
const std::vector<std::string> kAdc{"calibrated", "transparent"};
const std::vector<std::string> kRealisations{"active", "pair"};

/// The names of a registry of the search.
template <class Entry>
std::vector<std::string> names_of(std::span<const Entry> entries) {
  std::vector<std::string> names;
  for (const Entry& entry : entries) names.push_back(entry.name);
  return names;
}

int count(const YamlValue& value, int64_t lowest) {
  return static_cast<int>(value.integer(lowest, kMaxImages));
}

/// Row and run names become folder names.
std::string folder_name(const YamlValue& value) {
  std::string name = value.text();
  const bool good = std::all_of(name.begin(), name.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_';
  });
  if (!good) {
    value.fail(fmt::format("a name is letters, digits, '-' and '_', found '{}'", name));
  }
  return name;
}

/// `slice_bounds: [a, b]` stands for `bound` and `convention`.
VariationBound read_slice_bounds(const YamlMap& map) {
  const YamlValue& value = map["slice_bounds"];
  for (const char* other : {"bound", "convention"})
    if (map.has(other))
      map[other].fail(
          fmt::format("'{}' and 'slice_bounds' exclude each other: a tolerance for each slice is "
                      "in levels per device",
                      other));
  if (!map.has("idle"))
    map.self().fail(
        "missing key 'idle' (fixed or drifts): a device bound must say whether idle devices drift");
  std::vector<double> levels;
  for (const YamlValue& each : value.list()) levels.push_back(each.number(0, kMostBound));
  try {
    return make_slice_bound(levels, map["idle"].choice(kIdle));
  } catch (const Error& e) {
    value.fail(e.what());
  }
}

VariationBound read_bound(const YamlMap& map) {
  if (map.has("slice_bounds")) return read_slice_bounds(map);
  for (const char* key : {"bound", "convention"})
    if (!map.has(key)) map.self().fail(fmt::format("missing key '{}'", key));
  const double value = map["bound"].number(0, kMostBound);
  const std::string convention = map["convention"].choice(kConventions);
  if (convention == "weight" && map.has("idle")) {
    map["idle"].fail("'idle' belongs to the conventions device and full-scale; leave it out here");
  }
  if (convention != "weight" && !map.has("idle")) {
    map.self().fail(
        "missing key 'idle' (fixed or drifts): a device bound must say whether idle devices drift");
  }
  const std::string idle = map.has("idle") ? map["idle"].choice(kIdle) : "";
  try {
    return make_bound(value, convention, idle);
  } catch (const Error& e) {
    map["bound"].fail(e.what());
  }
}

/// The keys of `tile` that are present replace those of `tile`.
void read_tile(const YamlMap& map, TileConfig& tile) {
  if (map.has("base")) tile.base = static_cast<int>(map["base"].integer(0, 255));
  if (map.has("adc")) tile.transparent = map["adc"].choice(kAdc) == "transparent";
  if (map.has("adc_bits")) tile.adc_bits = static_cast<int>(map["adc_bits"].integer(1, 12));
  if (map.has("calibration_images")) tile.calibration_images = count(map["calibration_images"], 1);
  if (map.has("realisation")) {
    tile.realisation = map["realisation"].choice(kRealisations) == "pair"
                           ? models::Realisation::kPair
                           : models::Realisation::kActive;
  }
}

/// Rows are searched while the device measures others, so none may hold it in its loop.
std::string read_method(const YamlValue& value) {
  if (const std::string name = value.text(); search::is_device_method(name))
    value.fail(
        fmt::format("method '{}' has hardware in its loop, and a row of the main job cannot "
                    "hold the device; use 'crucible search --method {}'",
                    name, name));
  return value.choice(names_of(search::methods()));
}

/// Keys that only method `climb` takes.
void refuse_climb_keys(const YamlMap& map, const std::string& method) {
  for (const char* key : {"loss", "optimiser", "start", "restarts"})
    if (map.has(key) && method != "climb")
      map[key].fail(fmt::format("'{}' belongs to method climb; leave it out with {}", key, method));
}

SearchConfig read_search(const YamlValue& value, const TileConfig& tile) {
  const YamlMap map =
      value.map({"name", "method"},
                {"bound", "convention", "slice_bounds", "idle", "base", "adc", "realisation", "on",
                 "space", "effort", "loss", "optimiser", "start", "restarts"});
  SearchConfig search;
  search.name = folder_name(map["name"]);
  search.method = read_method(map["method"]);
  search.bound = read_bound(map);
  search.tile = tile;
  read_tile(map, search.tile);
  if (map.has("on") && map["on"].choice({"test", "train"}) == "train") search.on = SearchOn::kTrain;
  if (map.has("space") && map["space"].choice({"weight", "device"}) == "device")
    search.space = SearchSpaceKind::kDevice;
  refuse_climb_keys(map, search.method);
  search::SearchSettings& settings = search.settings;
  if (map.has("effort")) settings.effort = map["effort"].number(0.01, 100);
  if (map.has("loss")) settings.loss = map["loss"].choice(names_of(search::losses()));
  if (map.has("optimiser"))
    settings.optimiser = map["optimiser"].choice(names_of(search::optimisers()));
  if (map.has("start")) settings.start = map["start"].choice(names_of(search::starts()));
  if (map.has("restarts")) settings.restarts = count(map["restarts"], 1);
  return search;
}

ExperimentConfig read_config(const YamlMap& map) {
  ExperimentConfig config;
  config.name = folder_name(map["name"]);
  config.seed = static_cast<uint64_t>(map["seed"].integer(0, std::numeric_limits<int64_t>::max()));
  config.threads = static_cast<int>(map["threads"].integer(0, 1024));
  config.network = map["network"].text();

  const YamlMap data = map["data"].map({"source"}, {"folder"});
  const std::string source = data["source"].choice(kSources);
  config.data.source = source == "mnist"     ? DataSource::kMnist
                       : source == "strokes" ? DataSource::kStrokes
                                             : DataSource::kAuto;
  if (data.has("folder")) config.data.folder = data["folder"].text();

  const YamlMap device = map["device"].map({"address", "hardware"});
  config.device = {device["address"].text(), device["hardware"].text()};

  read_tile(map["tile"].map({"base", "adc", "adc_bits", "calibration_images", "realisation"}),
            config.tile);

  const YamlMap images = map["images"].map({"model", "hardware", "search", "uart"});
  config.images = {count(images["model"], 1), count(images["hardware"], 1),
                   count(images["search"], 1), count(images["uart"], 0)};

  const YamlMap chance = map["monte_carlo"].map(
      {"bound", "convention", "sigma", "chips", "images", "hardware_chips"}, {"idle"});
  config.monte_carlo = {read_bound(chance), chance["sigma"].number(0, 100),
                        count(chance["chips"], 1), count(chance["images"], 1),
                        count(chance["hardware_chips"], 0)};
  if (config.monte_carlo.hardware_chips > config.monte_carlo.chips) {
    chance["hardware_chips"].fail(
        fmt::format("'hardware_chips' must be at most 'chips' ({}), found {}",
                    config.monte_carlo.chips, config.monte_carlo.hardware_chips));
  }

  if (map.has("bracket")) {
    const YamlMap bracket = map["bracket"].map({}, {"images", "tight"});
    if (bracket.has("images")) config.bracket.images = count(bracket["images"], 0);
    if (bracket.has("tight")) config.bracket.tight = bracket["tight"].boolean();
  }

  for (const YamlValue& value : map["searches"].list()) {
    SearchConfig search = read_search(value, config.tile);
    const auto same = [&](const SearchConfig& other) { return other.name == search.name; };
    if (search.name == "clean" ||
        std::any_of(config.searches.begin(), config.searches.end(), same)) {
      value.fail(fmt::format("row name '{}' stands twice (and 'clean' is taken)", search.name));
    }
    config.searches.push_back(std::move(search));
  }
  return config;
}

}  // namespace

models::VariationBound make_bound(double value, const std::string& convention,
                                  const std::string& idle) {
  const auto drift = idle == "drifts" ? models::IdleDevice::kDrifts : models::IdleDevice::kFixed;
  if (convention == "weight") return VariationBound::weight_fraction(value);
  if (convention == "device") return VariationBound::device_levels(value, drift);
  if (convention == "full-scale") return VariationBound::device_full_scale(value, drift);
  throw Error(ErrorKind::kUsage, fmt::format("bound: the convention is {}, found '{}'",
                                             fmt::join(kConventions, ", "), convention));
}

VariationBound make_slice_bound(const std::vector<double>& levels, const std::string& idle) {
  if (levels.size() != models::kSlices)
    throw Error(ErrorKind::kUsage,
                fmt::format("bound: {} tolerances for {} slices; give one for each, the least "
                            "significant slice first",
                            levels.size(), models::kSlices));
  return VariationBound::slice_levels({levels[0], levels[1]}, idle == "drifts"
                                                                  ? models::IdleDevice::kDrifts
                                                                  : models::IdleDevice::kFixed);
}

ExperimentConfig load_config(const std::filesystem::path& file) {
  return read_config(load_yaml(file, kSchema, kKeys, kOptionalKeys));
}

ExperimentConfig default_config() {
  return read_config(parse_yaml(kMainConfig, "configs/main.yaml", kSchema, kKeys, kOptionalKeys));
}
void make_quick(ExperimentConfig& config) {
  config.images.model = std::min(config.images.model, 500);
  config.images.hardware = std::min(config.images.hardware, 10);
  config.images.search = std::min(config.images.search, 500);
  config.images.uart = std::min(config.images.uart, 1);
  if (config.bracket.images) *config.bracket.images = std::min(*config.bracket.images, 500);
  config.monte_carlo.chips = std::min(config.monte_carlo.chips, 4);
  config.monte_carlo.images = std::min(config.monte_carlo.images, 100);
  config.monte_carlo.hardware_chips = std::min(config.monte_carlo.hardware_chips, 1);
  for (SearchConfig& search : config.searches)
    search.settings.effort = std::min(search.settings.effort, 0.2);
}

}  // namespace crucible::experiment
