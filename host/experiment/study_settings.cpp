#include "host/experiment/study_settings.hpp"

#include <fmt/format.h>

#include "host/base/program_version.hpp"
#include "host/search/checkpoint.hpp"
#include "models/variation/weight_box.hpp"

namespace crucible::experiment {
namespace {

/// As the search's checkpoint names them. The box plays no part in the entries that are used.
search::CheckpointIdentity identity(const Workbench& bench, const SearchConfig& search,
                                    const eval::LabelledImages& images) {
  const models::WeightBox box =
      models::make_box(bench.network(), models::VariationBound::weight_fraction(0.03),
                       search.tile.realisation, search.tile.base);
  const search::SearchProblem problem{.network = bench.network(),
                                      .box = box,
                                      .images = images.pixels,
                                      .labels = images.labels,
                                      .seed = bench.config().seed};
  return search::identity_of(problem, search.method, search.settings);
}

}  // namespace

std::string setting_word(double value) { return fmt::format("{}", value); }

std::string network_word(const Workbench& bench) {
  return identity(bench, {}, bench.test_images(1)).at("network");
}

std::string images_word(const Workbench& bench, const eval::LabelledImages& images) {
  return identity(bench, {}, images).at("images");
}

StudySettings common_settings(const Workbench& bench, const SearchConfig& search,
                              const std::string& convention, const std::string& idle) {
  const ImageCounts& counts = bench.config().images;
  const TileConfig& tile = search.tile;
  const search::CheckpointIdentity searched =
      identity(bench, search,
               search.on == SearchOn::kTrain ? bench.training_images(counts.search)
                                             : bench.test_images(counts.search));
  StudySettings settings{
      {"program", std::string(program_version())},
      {"data", bench.dataset().name},
      {"search_images", searched.at("images")},
      {"test_images", images_word(bench, bench.test_images(counts.model))},
      {"hardware", bench.config().device.hardware},
      {"seed", searched.at("seed")},
      {"method", searched.at("method")},
      {"effort", searched.at("effort")},
      {"convention", convention},
      {"idle", idle},
      {"realisation", realisation_word(tile.realisation)},
      {"base", std::to_string(tile.base)},
      {"adc",
       tile.transparent ? "transparent" : fmt::format("calibrated, {} bits", tile.adc_bits)}};
  if (!tile.transparent) {
    settings["calibration_images"] =
        images_word(bench, bench.training_images(tile.calibration_images));
  }
  return settings;
}

}  // namespace crucible::experiment
