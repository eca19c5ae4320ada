// The configuration as YAML, each key as load_config() reads it.
#include <fmt/format.h>

#include "host/experiment/experiment_config.hpp"
#include "host/experiment/yaml_reader.hpp"

namespace crucible::experiment {
namespace {

std::string source_word(DataSource source) {
  switch (source) {
    case DataSource::kMnist:
      return "mnist";
    case DataSource::kStrokes:
      return "strokes";
    default:
      return "auto";
  }
}

std::string adc_word(const TileConfig& tile) {
  return tile.transparent ? "transparent" : "calibrated";
}

std::string bound_keys(const models::VariationBound& bound) {
  std::string text =
      bound.convention() == models::BoundConvention::kSliceLevels
          ? fmt::format("slice_bounds: [{}]", fmt::join(bound.slice_values(), ", "))
          : fmt::format("bound: {}, convention: {}", bound.value(), convention_word(bound));
  const std::string idle = idle_word(bound);
  return idle.empty() ? text : text + ", idle: " + idle;
}

/// What only method `climb` has; nothing where nothing was chosen.
std::string climb_keys(const search::SearchSettings& settings) {
  std::string text;
  if (!settings.loss.empty()) text += ", loss: " + settings.loss;
  if (!settings.optimiser.empty()) text += ", optimiser: " + settings.optimiser;
  if (!settings.start.empty()) text += ", start: " + settings.start;
  if (settings.restarts > 0) text += fmt::format(", restarts: {}", settings.restarts);
  return text;
}

}  // namespace

std::string convention_word(const models::VariationBound& bound) {
  switch (bound.convention()) {
    case models::BoundConvention::kWeightFraction:
      return "weight";
    case models::BoundConvention::kDeviceLevels:
      return "device";
    case models::BoundConvention::kSliceLevels:
      return "slices";
    default:
      return "full-scale";
  }
}

std::string idle_word(const models::VariationBound& bound) {
  if (bound.convention() == models::BoundConvention::kWeightFraction) return "";
  return bound.idle() == models::IdleDevice::kDrifts ? "drifts" : "fixed";
}

std::string realisation_word(models::Realisation realisation) {
  return realisation == models::Realisation::kPair ? "pair" : "active";
}

std::string space_word(SearchSpaceKind space) {
  return space == SearchSpaceKind::kDevice ? "device" : "weight";
}

std::string write_config(const ExperimentConfig& config) {
  std::string text = fmt::format("schema: crucible.experiment/1\nname: {}\nseed: {}\nthreads: {}\n",
                                 yaml_text(config.name), config.seed, config.threads);
  text += fmt::format("data: {{source: {}", source_word(config.data.source));
  if (!config.data.folder.empty()) text += ", folder: " + yaml_text(config.data.folder);
  text += fmt::format("}}\nnetwork: {}\n", yaml_text(config.network));
  text += fmt::format("device: {{address: {}, hardware: {}}}\n", yaml_text(config.device.address),
                      yaml_text(config.device.hardware));
  text += fmt::format(
      "tile: {{base: {}, adc: {}, adc_bits: {}, calibration_images: {}, realisation: {}}}\n",
      config.tile.base, adc_word(config.tile), config.tile.adc_bits, config.tile.calibration_images,
      realisation_word(config.tile.realisation));
  text += fmt::format("images: {{model: {}, hardware: {}, search: {}, uart: {}}}\n",
                      config.images.model, config.images.hardware, config.images.search,
                      config.images.uart);
  text += fmt::format("monte_carlo: {{{}, sigma: {}, chips: {}, images: {}, hardware_chips: {}}}\n",
                      bound_keys(config.monte_carlo.bound), config.monte_carlo.sigma,
                      config.monte_carlo.chips, config.monte_carlo.images,
                      config.monte_carlo.hardware_chips);
  std::string bracket;
  if (config.bracket.images) bracket = fmt::format("images: {}", *config.bracket.images);
  if (config.bracket.tight) bracket += bracket.empty() ? "tight: true" : ", tight: true";
  if (!bracket.empty()) text += fmt::format("bracket: {{{}}}\n", bracket);
  text += config.searches.empty() ? "searches: []\n" : "searches:\n";
  for (const SearchConfig& search : config.searches) {
    text += fmt::format(
        "  - {{name: {}, method: {}, {}, base: {}, adc: {}, realisation: {}, on: {}, space: {}, "
        "effort: {}{}}}\n",
        yaml_text(search.name), yaml_text(search.method), bound_keys(search.bound),
        search.tile.base, adc_word(search.tile), realisation_word(search.tile.realisation),
        search.on == SearchOn::kTrain ? "train" : "test", space_word(search.space),
        search.settings.effort, climb_keys(search.settings));
  }
  return text;
}

}  // namespace crucible::experiment
