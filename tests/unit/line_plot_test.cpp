#include "host/experiment/line_plot.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "host/experiment/plot_axis.hpp"

namespace crucible::experiment {
namespace {

LinePlot example() {
  return {.title = "a < b & \"c\"",
          .x_label = "steps",
          .y_label = "accuracy",
          .x_scale = Scale::kLinear,
          .y_scale = Scale::kLog,
          .series = {{"falling", {{0, 99}, {10, 30}, {20, 0}}}, {"level", {{0, 50}}}}};
}

/// Every element is closed, in order; attributes are not looked at.
bool well_formed(const std::string& xml) {
  std::vector<std::string> open;
  for (size_t at = xml.find('<'); at != std::string::npos; at = xml.find('<', at + 1)) {
    const size_t end = xml.find('>', at);
    if (end == std::string::npos || xml.find('<', at + 1) < end) return false;
    const std::string tag = xml.substr(at + 1, end - at - 1);
    if (tag[0] == '?' || tag.back() == '/') continue;
    const std::string name = tag.substr(0, tag.find(' '));
    if (name[0] != '/') {
      open.push_back(name);
    } else {
      if (open.empty() || "/" + open.back() != name) return false;
      open.pop_back();
    }
  }
  return open.empty();
}

TEST(LinePlot, IsWellFormedXmlWhateverTheTitle) {
  const std::string svg = render_svg(example());
  EXPECT_TRUE(well_formed(svg));
  EXPECT_NE(svg.find("a &lt; b &amp; &quot;c&quot;"), std::string::npos);
  EXPECT_TRUE(well_formed(render_svg({})));
}

TEST(LinePlot, HasEverySeriesInTheLegendAndNoNumberOutOfThePlot) {
  const std::string svg = render_svg(example());
  EXPECT_NE(svg.find(">falling</text>"), std::string::npos);
  EXPECT_NE(svg.find(">level</text>"), std::string::npos);
  EXPECT_EQ(svg.find("nan"), std::string::npos);
  EXPECT_EQ(svg.find("inf"), std::string::npos);
}

TEST(PlotAxis, PutsEveryValueInsideAndZeroOfALogarithmicAxisAtItsEnd) {
  for (const Scale scale : {Scale::kLinear, Scale::kLog}) {
    const std::vector<double> values{0, 0.02, 3, 99};
    const PlotAxis axis(scale, values);
    for (const double value : values) {
      EXPECT_GE(axis.position(value), 0.0) << value;
      EXPECT_LE(axis.position(value), 1.0) << value;
    }
    EXPECT_EQ(axis.position(0), 0.0);
  }
}

TEST(PlotAxis, HasRoundTicks) {
  const PlotAxis linear(Scale::kLinear, {0, 100});
  std::vector<std::string> labels;
  for (const Tick& tick : linear.ticks()) labels.push_back(tick.label);
  EXPECT_EQ(labels, (std::vector<std::string>{"0", "20", "40", "60", "80", "100"}));
}

TEST(PlotAxis, SurvivesOneValueAndNone) {
  EXPECT_NO_THROW(static_cast<void>(PlotAxis(Scale::kLog, {5}).position(5)));
  EXPECT_NO_THROW(static_cast<void>(PlotAxis(Scale::kLinear, {}).position(5)));
}

TEST(LinePlot, ChoosesALogarithmicScaleForMoreThanAFactorOf30) {
  EXPECT_EQ(suitable_scale({3, 99}), Scale::kLog);
  EXPECT_EQ(suitable_scale({4, 99}), Scale::kLinear);
  EXPECT_EQ(suitable_scale({0, 99}), Scale::kLinear);
}

}  // namespace
}  // namespace crucible::experiment
