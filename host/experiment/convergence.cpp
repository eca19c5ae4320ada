#include "host/experiment/convergence.hpp"

#include <fmt/format.h>

#include "host/experiment/line_plot.hpp"

namespace crucible::experiment {

std::string convergence_csv(const RunResult& result) {
  std::string csv = "row,iteration,gradient_evaluations,loss,accuracy,best,deviation\n";
  for (const RowOutcome& row : result.rows) {
    if (!row.same_search_as.empty()) continue;
    for (const search::TracePoint& point : row.search.trace) {
      csv += fmt::format("{},{},{},{},{},{},{}\n", row.config.name, point.iteration,
                         point.gradient_evaluations, point.loss, point.accuracy, point.best,
                         point.deviation);
    }
  }
  return csv;
}

std::string convergence_svg(const RunResult& result) {
  LinePlot plot{.title = "How each search converges",
                .x_label = "gradient evaluations (images × steps)",
                .y_label = "least accuracy so far, %",
                .x_scale = Scale::kLinear,
                .y_scale = Scale::kLinear,
                .series = {}};
  std::vector<double> lengths, accuracies;
  for (const RowOutcome& row : result.rows) {
    if (!row.same_search_as.empty() || row.search.trace.empty()) continue;
    PlotSeries series{row.config.name, {}};
    const search::TracePoint& last = row.search.trace.back();
    for (const search::TracePoint& point : row.search.trace) {
      series.points.emplace_back(static_cast<double>(point.gradient_evaluations), 100 * point.best);
      accuracies.push_back(100 * point.best);
    }
    // Without gradients there is no curve, only where it ended.
    if (last.gradient_evaluations == 0) series.points = {{0.0, 100 * row.search.accuracy}};
    lengths.push_back(static_cast<double>(last.gradient_evaluations));
    plot.series.push_back(std::move(series));
  }
  plot.x_scale = suitable_scale(lengths);
  plot.y_scale = suitable_scale(accuracies);
  return render_svg(plot);
}

}  // namespace crucible::experiment
