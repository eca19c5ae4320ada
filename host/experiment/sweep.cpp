#include "host/experiment/sweep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>

#include "host/eval/monte_carlo.hpp"
#include "host/experiment/bracket.hpp"
#include "host/experiment/row_search.hpp"
#include "host/experiment/stopwatch.hpp"
#include "host/experiment/study_settings.hpp"
#include "host/experiment/sweep_folder.hpp"
#include "host/search/checkpoint.hpp"
#include "models/error.hpp"

namespace crucible::experiment {
namespace {

std::string number(double value) { return setting_word(value); }

/// One sweep under way.
class Runner {
 public:
  Runner(Workbench& bench, const SweepConfig& config, const std::filesystem::path& folder,
         StudyStart start, IReporter& reporter)
      : bench_(bench),
        config_(config),
        folder_(folder),
        reporter_(reporter),
        sweep_(folder_.open(sweep_settings(bench, config), start)) {}

  Sweep run(const std::vector<double>& grid) {
    if (sweep_.clean_images == 0) {
      RowOutcome clean = clean_row(bench_);
      evaluate_row(bench_, clean);
      sweep_.clean_images = clean.model.images();
      sweep_.clean_correct = clean.model.correct;
      folder_.save(sweep_);
    }
    if (config_.reach) {
      const Bracket bracket =
          bisect_bound(config_.from, config_.to, config_.resolution, *config_.reach,
                       [&](double bound) { return accuracy_at(bound); });
      if (!stopped_) sweep_.bracket = bracket;
    } else {
      for (const double bound : grid) static_cast<void>(accuracy_at(bound));
    }
    sweep_.complete = !stopped_;
    if (!stopped_) folder_.save_all(sweep_);
    return sweep_;
  }

 private:
  /// Nothing once the sweep was interrupted.
  std::optional<double> accuracy_at(double bound) {
    const auto known = std::find_if(sweep_.points.begin(), sweep_.points.end(),
                                    [&](const SweepPoint& point) { return point.bound == bound; });
    if (known != sweep_.points.end()) return known->accuracy();
    stopped_ = stopped_ || reporter_.interrupted();
    if (stopped_) return std::nullopt;
    const Stopwatch watch;
    const std::optional<SweepPoint> point = search_at(bound);
    stopped_ = !point;
    if (stopped_) return std::nullopt;
    sweep_.points.push_back(*point);
    sweep_.seconds[number(bound)] = watch.seconds();
    folder_.save(sweep_);
    reporter_.finish("search " + number(bound),
                     fmt::format("bound {:g}: {:.2f} % ({:.1f} s)", bound, 100 * point->accuracy(),
                                 watch.seconds()));
    return point->accuracy();
  }

  std::optional<SweepPoint> search_at(double bound) {
    SearchConfig search = config_.search;
    search.name = number(bound);
    search.bound = make_bound(bound, config_.convention, config_.idle);
    search::CheckpointFile checkpoint = folder_.checkpoint();
    RowOutcome row = search_row(bench_, search, {}, reporter_, &checkpoint);
    if (row.search.interrupted()) return std::nullopt;
    evaluate_row(bench_, row);
    SweepPoint point;
    point.bound = bound;
    point.lsb_exp = row.compiled.common.lsb_exp;
    point.steps = row.steps;
    point.search_accuracy = row.search.accuracy;
    point.gradient_evaluations = row.search.gradient_evaluations;
    point.count_evaluations = row.search.count_evaluations;
    point.images = row.model.images();
    point.correct = row.model.correct;
    const models::WeightBox box =
        models::make_box(bench_.network(), search.bound, search.tile.realisation, search.tile.base);
    if (config_.chips > 0) point.random = draw(row, box);
    if (config_.certify_images > 0)
      point.certified =
          certify_bracket(bench_, row.compiled, box,
                          {.images = config_.certify_images, .tight = config_.certify_tight},
                          row.model.predicted, fmt::format("sweep, bound {:g}", bound));
    return point;
  }

  [[nodiscard]] RandomChips draw(const RowOutcome& row, const models::WeightBox& box) const {
    const MonteCarloConfig& chance = bench_.config().monte_carlo;
    const eval::LabelledImages images = bench_.test_images(chance.images);
    const eval::MonteCarloResult result =
        eval::monte_carlo(bench_.network(), row.compiled, box, images,
                          {.chips = config_.chips,
                           .sigma = chance.sigma,
                           .seed = bench_.config().seed,
                           .threads = bench_.config().threads});
    return {config_.chips, images.count(), result.mean(), result.lowest()};
  }

  Workbench& bench_;
  const SweepConfig& config_;
  SweepFolder folder_;
  IReporter& reporter_;
  Sweep sweep_;
  bool stopped_ = false;
};

/// Every bound that is known beforehand can be held by the offsets.
void check_bounds(const Workbench& bench, const SweepConfig& config,
                  const std::vector<double>& bounds) {
  for (size_t i = 0; i < bounds.size(); ++i) {
    try {
      static_cast<void>(models::make_grid(bench.network(),
                                          make_bound(bounds[i], config.convention, config.idle)));
    } catch (const Error& error) {
      throw Error(error.kind(), fmt::format("sweep: point {} of {}, bound {:g}: {}", i + 1,
                                            bounds.size(), bounds[i], error.what()));
    }
  }
}

}  // namespace

SweepSettings sweep_settings(const Workbench& bench, const SweepConfig& config) {
  StudySettings settings = common_settings(bench, config.search, config.convention, config.idle);
  settings["network"] = network_word(bench);
  settings["from"] = number(config.from);
  settings["to"] = number(config.to);
  settings["chips"] = std::to_string(config.chips);
  settings["certify_images"] = std::to_string(config.certify_images);
  settings["certified_by"] = config.certify_tight ? "linear relaxation" : "intervals";
  if (config.chips > 0) {
    settings["chip_images"] =
        images_word(bench, bench.test_images(bench.config().monte_carlo.images));
    settings["sigma"] = number(bench.config().monte_carlo.sigma);
  }
  if (config.reach) {
    settings["reach"] = number(*config.reach);
    settings["resolution"] = number(config.resolution);
  } else {
    settings["points"] = std::to_string(config.points);
  }
  return settings;
}

Sweep run_sweep(Workbench& bench, const SweepConfig& config, const std::filesystem::path& folder,
                StudyStart start, IReporter& reporter) {
  const std::vector<double> grid =
      log_grid(config.from, config.to, config.reach ? 2 : config.points);
  check_bounds(bench, config, grid);
  if (config.certify_images > bench.config().images.model) {
    throw Error(ErrorKind::kUsage,
                fmt::format("sweep: {} images to certify, but the points are evaluated on {} "
                            "(images: model); ask for at most as many",
                            config.certify_images, bench.config().images.model));
  }
  return Runner(bench, config, folder, start, reporter).run(grid);
}

}  // namespace crucible::experiment
