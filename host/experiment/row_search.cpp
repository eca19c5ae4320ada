#include "host/experiment/row_search.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "host/experiment/in_loop_evaluator.hpp"
#include "host/experiment/stopwatch.hpp"
#include "host/search/cells/run_cell_search.hpp"
#include "host/search/registry.hpp"
#include "host/search/run_search.hpp"

namespace crucible::experiment {
namespace {

/// Whether the search looks at the integer pipeline: `auto` ends there, device by device it is the
/// judge.
bool in_pipeline(const SearchConfig& config) {
  return config.space == SearchSpaceKind::kDevice || search::find_method(config.method).in_pipeline;
}

/// Searches are the same when all that they see is the same; the ADC is not part of it where the
/// float twin alone is searched.
bool same_search(const SearchConfig& a, const SearchConfig& b) {
  return a.method == b.method && a.on == b.on && a.settings == b.settings && a.bound == b.bound &&
         a.tile.base == b.tile.base && a.tile.realisation == b.tile.realisation &&
         a.space == b.space && (!in_pipeline(a) || a.tile == b.tile);
}

/// Fills what a search finds; row.compiled is there.
void run_search(const Workbench& bench, const models::WeightBox& box, RowOutcome& row,
                IReporter& reporter, search::CheckpointFile* checkpoint) {
  search::SearchProblem problem = search_problem(bench, row.config, box);
  std::optional<ModelInLoop> judge;
  std::optional<search::Pipeline> pipeline;
  if (in_pipeline(row.config)) {
    judge.emplace(bench.network(), row.compiled,
                  eval::LabelledImages{problem.images, problem.labels}, bench.config().threads,
                  bench.workers());
    problem.pipeline = &pipeline.emplace(search::Pipeline{*judge, row.compiled});
  }
  const std::string activity = "search " + row.config.name;
  reporter.progress(activity, 0.0, fmt::format("{} images", problem.labels.size()));
  const search::Progress progress = search_progress(reporter, activity);
  if (row.config.space == SearchSpaceKind::kWeight) {
    row.search =
        search::run_search(problem, row.config.method, row.config.settings, progress, checkpoint);
    row.offsets = models::realise(bench.network(), row.compiled, box, row.search.delta);
    return;
  }
  search::CellSearchResult result = search::run_cell_search(
      problem, row.config.method, row.config.settings, progress, checkpoint);
  row.search = std::move(result.search);
  row.offsets = std::move(result.offsets);
  row.cells = {.images = judge->images(),
               .first_correct = result.first_correct,
               .correct = result.correct,
               .measurements = result.measurements};
}

}  // namespace

search::SearchProblem search_problem(const Workbench& bench, const SearchConfig& config,
                                     const models::WeightBox& box) {
  const int count = bench.config().images.search;
  const eval::LabelledImages images =
      config.on == SearchOn::kTrain ? bench.training_images(count) : bench.test_images(count);
  return {.network = bench.network(),
          .box = box,
          .images = images.pixels,
          .labels = images.labels,
          .seed = bench.config().seed,
          .threads = bench.config().threads,
          .until = config.settings.until,
          .workers = bench.workers()};
}

search::Progress search_progress(IReporter& reporter, const std::string& activity) {
  return [&reporter, activity](const search::TracePoint& point, int planned) {
    reporter.progress(
        activity, planned > 0 ? std::min(1.0, static_cast<double>(point.iteration) / planned) : 0.0,
        fmt::format("accuracy {:.2f} %", 100 * point.accuracy));
    return !reporter.interrupted();
  };
}

RowOutcome clean_row(Workbench& bench) {
  RowOutcome row;
  row.config.name = "clean";
  row.config.tile = bench.config().tile;
  row.compiled = bench.compile(row.config.tile, 8, false);
  row.offsets.assign(bench.geometry().cells(), 0);
  row.steps.assign(bench.network().layers.size(), 0);
  return row;
}

RowOutcome search_row(Workbench& bench, const SearchConfig& config,
                      const std::deque<RowOutcome>& done, IReporter& reporter,
                      search::CheckpointFile* checkpoint) {
  RowOutcome row;
  row.config = config;
  const Stopwatch watch;
  const models::WeightBox box =
      models::make_box(bench.network(), config.bound, config.tile.realisation, config.tile.base);
  for (const RowOutcome& other : done) {
    if (other.is_clean() || !other.same_search_as.empty() || !same_search(other.config, config)) {
      continue;
    }
    row.same_search_as = other.config.name;
    row.search = other.search;
    row.offsets = other.offsets;
    row.cells = other.cells;
  }
  row.compiled = bench.compile(config.tile, box.grid.lsb_exp, true);
  if (row.same_search_as.empty()) run_search(bench, box, row, reporter, checkpoint);
  row.steps = box.grid.steps;
  row.search_s = watch.seconds();
  return row;
}

void evaluate_row(Workbench& bench, RowOutcome& row) {
  const Stopwatch watch;
  row.model = eval::evaluate_model(row.compiled, row.offsets,
                                   bench.test_images(bench.config().images.model),
                                   bench.config().threads, bench.workers());
  row.model_s = watch.seconds();
}

}  // namespace crucible::experiment
