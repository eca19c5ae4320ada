#include "host/experiment/line_plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "host/experiment/plot_axis.hpp"

namespace crucible::experiment {
namespace {

constexpr double kWidth = 960, kHeight = 500;
constexpr double kLeft = 78, kRight = 690, kTop = 56, kBottom = 430;

// Okabe and Ito: distinct for colour-blind readers as well.
constexpr std::array<const char*, 8> kColours = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                                 "#e69f00", "#56b4e9", "#444444", "#a6761d"};

std::string escape(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

double x_pixel(const PlotAxis& axis, double value) {
  return kLeft + axis.position(value) * (kRight - kLeft);
}
double y_pixel(const PlotAxis& axis, double value) {
  return kBottom - axis.position(value) * (kBottom - kTop);
}

void draw_axes(std::string& svg, const LinePlot& plot, const PlotAxis& x, const PlotAxis& y) {
  for (const Tick& tick : x.ticks()) {
    const double px = x_pixel(x, tick.value);
    svg += fmt::format("<line class=\"{}\" x1=\"{:.1f}\" y1=\"{}\" x2=\"{:.1f}\" y2=\"{}\"/>\n",
                       tick.label.empty() ? "minor" : "grid", px, kTop, px, kBottom);
    if (tick.label.empty()) continue;
    svg +=
        fmt::format("<text class=\"tick\" x=\"{:.1f}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n",
                    px, kBottom + 20, tick.label);
  }
  for (const Tick& tick : y.ticks()) {
    const double py = y_pixel(y, tick.value);
    svg += fmt::format("<line class=\"{}\" x1=\"{}\" y1=\"{:.1f}\" x2=\"{}\" y2=\"{:.1f}\"/>\n",
                       tick.label.empty() ? "minor" : "grid", kLeft, py, kRight, py);
    if (tick.label.empty()) continue;
    svg += fmt::format("<text class=\"tick\" x=\"{}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>\n",
                       kLeft - 9, py + 4, tick.label);
  }
  svg += fmt::format("<polyline class=\"axis\" points=\"{0},{1} {0},{2} {3},{2}\"/>\n", kLeft, kTop,
                     kBottom, kRight);
  svg += fmt::format("<text class=\"label\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n",
                     (kLeft + kRight) / 2, kBottom + 48, escape(plot.x_label));
  svg += fmt::format(
      "<text class=\"label\" transform=\"translate({},{}) rotate(-90)\" "
      "text-anchor=\"middle\">{}</text>\n",
      24, (kTop + kBottom) / 2, escape(plot.y_label));
  svg +=
      fmt::format("<text class=\"title\" x=\"{}\" y=\"32\">{}</text>\n", kLeft, escape(plot.title));
}

void draw_series(std::string& svg, const PlotSeries& series, size_t index, const PlotAxis& x,
                 const PlotAxis& y) {
  const char* colour = kColours[index % kColours.size()];
  std::string points;
  if (series.points.size() == 1) {
    const double py = y_pixel(y, series.points.front().second);
    points = fmt::format("{},{:.1f} {},{:.1f}", kLeft, py, kRight, py);
  } else {
    for (const auto& [px, py] : series.points) {
      points +=
          fmt::format("{}{:.1f},{:.1f}", points.empty() ? "" : " ", x_pixel(x, px), y_pixel(y, py));
    }
  }
  const char* dash = series.points.size() == 1 ? " stroke-dasharray=\"7 5\"" : "";
  svg += fmt::format("<polyline class=\"series\" stroke=\"{}\"{} points=\"{}\"/>\n", colour, dash,
                     points);
  if (series.points.size() > 1) {
    const auto& [lx, ly] = series.points.back();
    svg += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3.5\" fill=\"{}\"/>\n",
                       x_pixel(x, lx), y_pixel(y, ly), colour);
  }
  const double row = kTop + 8 + 24.0 * static_cast<double>(index);
  svg += fmt::format(
      "<line class=\"series\" stroke=\"{}\"{} x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>\n", colour,
      dash, kRight + 18, row, kRight + 46, row);
  svg += fmt::format("<text class=\"legend\" x=\"{}\" y=\"{}\">{}</text>\n", kRight + 54, row + 4,
                     escape(series.name));
}

}  // namespace

Scale suitable_scale(const std::vector<double>& values) {
  double lowest = std::numeric_limits<double>::infinity(), highest = 0;
  for (const double value : values) {
    if (value <= 0) continue;
    lowest = std::min(lowest, value);
    highest = std::max(highest, value);
  }
  return highest > 30 * lowest ? Scale::kLog : Scale::kLinear;
}

std::string render_svg(const LinePlot& plot) {
  std::vector<double> xs, ys;
  for (const PlotSeries& series : plot.series) {
    for (const auto& [px, py] : series.points) {
      if (series.points.size() > 1) xs.push_back(px);
      ys.push_back(py);
    }
  }
  const PlotAxis x(plot.x_scale, xs), y(plot.y_scale, ys);
  std::string svg = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} "
      "{1}\">\n"
      "<style>\n"
      "text {{ font-family: 'Helvetica Neue', Helvetica, Arial, sans-serif; fill: #222222; }}\n"
      ".title {{ font-size: 17px; font-weight: bold; }} .label {{ font-size: 14px; }}\n"
      ".tick, .legend {{ font-size: 12.5px; }} .grid {{ stroke: #dcdcdc; }} .minor {{ stroke: "
      "#f1f1f1; }}\n"
      ".axis {{ fill: none; stroke: #444444; stroke-width: 1.2; }}\n"
      ".series {{ fill: none; stroke-width: 2.2; stroke-linejoin: round; }}\n"
      "</style>\n<rect width=\"{0}\" height=\"{1}\" fill=\"#ffffff\"/>\n",
      kWidth, kHeight);
  draw_axes(svg, plot, x, y);
  for (size_t i = 0; i < plot.series.size(); ++i) draw_series(svg, plot.series[i], i, x, y);
  return svg + "</svg>\n";
}

}  // namespace crucible::experiment
