// Line plots as SVG: axes with round ticks, labels, a legend; linear or logarithmic. Equal data
// give equal bytes.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace crucible::experiment {

enum class Scale { kLinear, kLog };

struct PlotSeries {
  std::string name;
  std::vector<std::pair<double, double>>
      points;  ///< a single point is drawn as a dashed level across the plot
};

struct LinePlot {
  std::string title, x_label, y_label;
  Scale x_scale = Scale::kLinear;
  Scale y_scale = Scale::kLinear;
  std::vector<PlotSeries> series;
};

/// On a logarithmic axis, values at or below zero are drawn at the axis' lower end.
[[nodiscard]] std::string render_svg(const LinePlot& plot);

/// Logarithmic where the positive values span more than a factor of 30.
[[nodiscard]] Scale suitable_scale(const std::vector<double>& values);

}  // namespace crucible::experiment
