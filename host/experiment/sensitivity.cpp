#include "host/experiment/sensitivity.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numeric>

#include "host/base/batch_gradient.hpp"
#include "host/experiment/row_search.hpp"
#include "host/experiment/sensitivity_folder.hpp"
#include "host/experiment/study_settings.hpp"
#include "host/search/loss/loss.hpp"
#include "host/search/run_search.hpp"

namespace crucible::experiment {
namespace {

/// The loss of the first-order maps: the smooth count, so that a cell's figure is a share of the
/// images.
constexpr const char* kLoss = "soft-count";

StudySettings settings_of(const Workbench& bench, const SearchConfig& config) {
  StudySettings settings =
      common_settings(bench, config, convention_word(config.bound), idle_word(config.bound));
  settings["network"] = network_word(bench);
  settings["bound"] = setting_word(config.bound.value());
  return settings;
}

class Study {
 public:
  Study(Workbench& bench, const SearchConfig& config, const std::filesystem::path& folder,
        StudyStart start, IReporter& reporter)
      : bench_(bench),
        config_(config),
        folder_(folder),
        settings_(settings_of(bench, config)),
        reporter_(reporter),
        images_(config.on == SearchOn::kTrain ? bench.training_images(bench.config().images.search)
                                              : bench.test_images(bench.config().images.search)),
        box_(models::make_box(bench.network(), config.bound, config.tile.realisation,
                              config.tile.base)),
        compiled_(bench.compile(config.tile, box_.grid.lsb_exp, true)),
        batch_(bench.network(), images_.pixels, images_.labels, bench.config().threads),
        index_(images_.count()) {
    std::iota(index_.begin(), index_.end(), 0);
    found_ = folder_.open(bench.network(), settings_, start);
  }

  Sensitivity run() {
    Sensitivity study{.config = config_,
                      .settings = settings_,
                      .shapes = {},
                      .network = bench_.network().name,
                      .data = bench_.dataset().name,
                      .all = {},
                      .layers = {}};
    for (const models::QuantisedLayer& layer : bench_.network().layers)
      study.shapes.push_back(layer.shape);
    if (found_.empty()) folder_.save(study, found_);
    RowOutcome clean = clean_row(bench_);
    evaluate_row(bench_, clean);
    study.clean_images = clean.model.images();
    study.clean_correct = clean.model.correct;
    study.all = search_in(box_, kAllLayers, study);
    if (study.interrupted) return study;
    const models::WeightDelta at_clean = gradient_at({}), at_worst = gradient_at(study.all.delta);
    for (size_t l = 0; l < bench_.network().layers.size(); ++l) {
      LayerSensitivity layer;
      layer.name = bench_.network().layers[l].shape.name;
      layer.alone = search_in(only_layer(box_, l), layer.name, study);
      if (study.interrupted) return study;
      layer.banks = compiled_.layers[l].placement.banks;
      layer.clean = cell_sensitivity(bench_.network(), box_, l, at_clean[l]);
      layer.worst = cell_sensitivity(bench_.network(), box_, l, at_worst[l]);
      study.layers.push_back(std::move(layer));
    }
    folder_.save_all(study);
    return study;
  }

 private:
  /// One that an earlier process finished is taken from there.
  FoundChip search_in(const models::WeightBox& box, const std::string& name, Sensitivity& study) {
    if (const auto known = found_.find(name); known != found_.end()) return known->second;
    search::CheckpointFile checkpoint = folder_.checkpoint();
    const search::SearchProblem problem{.network = bench_.network(),
                                        .box = box,
                                        .images = images_.pixels,
                                        .labels = images_.labels,
                                        .seed = bench_.config().seed,
                                        .threads = bench_.config().threads};
    const std::string activity = "search " + name;
    const search::SearchResult result = search::run_search(
        problem, config_.method, config_.settings,
        [&](const search::TracePoint& point, int planned) {
          reporter_.progress(
              activity,
              planned > 0 ? std::min(1.0, static_cast<double>(point.iteration) / planned) : 0.0,
              fmt::format("accuracy {:.2f} %", 100 * point.accuracy));
          return !reporter_.interrupted();
        },
        &checkpoint);
    study.interrupted = result.interrupted();
    const eval::Evaluation model = eval::evaluate_model(
        compiled_, models::realise(bench_.network(), compiled_, box, result.delta),
        bench_.test_images(bench_.config().images.model), bench_.config().threads);
    reporter_.finish(activity, fmt::format("{}: {:.2f} %", name, 100 * model.accuracy()));
    FoundChip chip{model.images(), model.correct, result.accuracy, result.gradient_evaluations,
                   result.delta};
    if (study.interrupted) return chip;
    found_[name] = chip;
    folder_.save(study, found_);
    return chip;
  }

  /// Mean over the images of d(smooth count) / dw, per weight LSB, on the float twin.
  models::WeightDelta gradient_at(const models::WeightDelta& delta) {
    if (unit_ == 0) {
      std::vector<float> margins(index_.size());
      static_cast<void>(batch_.count_correct(
          models::FloatTwin(bench_.network(), models::float_weights(bench_.network())), index_,
          margins));
      for (const float m : margins) unit_ += std::abs(m) / static_cast<float>(margins.size());
    }
    const search::LossEntry& loss = search::find_loss(kLoss);
    models::NetworkGradient gradient(bench_.network());
    static_cast<void>(batch_.gradient(
        models::FloatTwin(bench_.network(), models::float_weights(bench_.network(), delta)), index_,
        loss.make({.temperature = loss.first * unit_}), gradient));
    for (auto& layer : gradient.weights) {
      for (float& g : layer) g /= static_cast<float>(index_.size());
    }
    return std::move(gradient.weights);
  }

  Workbench& bench_;
  const SearchConfig& config_;
  SensitivityFolder folder_;
  StudySettings settings_;
  FoundChips found_;
  IReporter& reporter_;
  eval::LabelledImages images_;
  models::WeightBox box_;
  models::CompiledNetwork compiled_;
  BatchGradient batch_;
  std::vector<int> index_;
  float unit_ = 0;  ///< mean |margin| of the clean network
};

}  // namespace

Sensitivity study_sensitivity(Workbench& bench, const SearchConfig& config,
                              const std::filesystem::path& folder, StudyStart start,
                              IReporter& reporter) {
  return Study(bench, config, folder, start, reporter).run();
}

}  // namespace crucible::experiment
