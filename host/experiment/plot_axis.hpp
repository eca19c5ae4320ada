// One axis of a plot: its range, its ticks, and where a value lies on it.
#pragma once

#include <string>
#include <vector>

#include "host/experiment/line_plot.hpp"

namespace crucible::experiment {

struct Tick {
  double value = 0;
  std::string label;  ///< empty: a minor tick
};

class PlotAxis {
 public:
  /// Covers all values, widened to round ticks (linear; zero is included when it is near) or whole
  /// decades' 1, 2, 5 (logarithmic).
  PlotAxis(Scale scale, const std::vector<double>& values);
  /// 0 at the lower end, 1 at the upper.
  [[nodiscard]] double position(double value) const;
  [[nodiscard]] const std::vector<Tick>& ticks() const { return ticks_; }

 private:
  void linear(double lowest, double highest);
  void logarithmic(double lowest, double highest);
  Scale scale_;
  double from_ = 0, to_ = 1;  ///< of the value, or of its logarithm
  std::vector<Tick> ticks_;
};

}  // namespace crucible::experiment
