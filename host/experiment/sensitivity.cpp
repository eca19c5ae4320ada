#include "host/experiment/sensitivity.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numeric>

#include "host/base/batch_gradient.hpp"
#include "host/experiment/row_search.hpp"
#include "host/search/loss/loss.hpp"
#include "host/search/run_search.hpp"

namespace crucible::experiment {
namespace {

/// The loss of the first-order maps: the smooth count, so that a cell's figure is a share of the
/// images.
constexpr const char* kLoss = "soft-count";

class Study {
 public:
  Study(Workbench& bench, const SearchConfig& config, IReporter& reporter)
      : bench_(bench),
        config_(config),
        reporter_(reporter),
        images_(config.on == SearchOn::kTrain ? bench.training_images(bench.config().images.search)
                                              : bench.test_images(bench.config().images.search)),
        box_(models::make_box(bench.network(), config.bound, config.tile.realisation,
                              config.tile.base)),
        compiled_(bench.compile(config.tile, box_.grid.lsb_exp, true)),
        batch_(bench.network(), images_.pixels, images_.labels, bench.config().threads),
        index_(images_.count()) {
    std::iota(index_.begin(), index_.end(), 0);
  }

  Sensitivity run() {
    Sensitivity study{.config = config_,
                      .network = bench_.network().name,
                      .data = bench_.dataset().name,
                      .all = {},
                      .layers = {}};
    RowOutcome clean = clean_row(bench_);
    evaluate_row(bench_, clean);
    study.clean_images = clean.model.images();
    study.clean_correct = clean.model.correct;
    study.all = search_in(box_, "all layers", study.interrupted);
    if (study.interrupted) return study;
    const models::WeightDelta at_clean = gradient_at({}), at_worst = gradient_at(study.all.delta);
    for (size_t l = 0; l < bench_.network().layers.size(); ++l) {
      LayerSensitivity layer;
      layer.name = bench_.network().layers[l].shape.name;
      layer.alone = search_in(only_layer(box_, l), layer.name, study.interrupted);
      if (study.interrupted) return study;
      layer.banks = compiled_.layers[l].placement.banks;
      layer.clean = cell_sensitivity(bench_.network(), box_, l, at_clean[l]);
      layer.worst = cell_sensitivity(bench_.network(), box_, l, at_worst[l]);
      study.layers.push_back(std::move(layer));
    }
    return study;
  }

 private:
  FoundChip search_in(const models::WeightBox& box, const std::string& name, bool& interrupted) {
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
        });
    interrupted = result.interrupted();
    const eval::Evaluation model = eval::evaluate_model(
        compiled_, models::realise(bench_.network(), compiled_, box, result.delta),
        bench_.test_images(bench_.config().images.model), bench_.config().threads);
    reporter_.finish(activity, fmt::format("{}: {:.2f} %", name, 100 * model.accuracy()));
    return {model.images(), model.correct, result.accuracy, result.gradient_evaluations,
            result.delta};
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
  IReporter& reporter_;
  eval::LabelledImages images_;
  models::WeightBox box_;
  models::CompiledNetwork compiled_;
  BatchGradient batch_;
  std::vector<int> index_;
  float unit_ = 0;  ///< mean |margin| of the clean network
};

}  // namespace

Sensitivity study_sensitivity(Workbench& bench, const SearchConfig& config, IReporter& reporter) {
  return Study(bench, config, reporter).run();
}

}  // namespace crucible::experiment
