// A sweep as a document, a table and a plot; see sweep.hpp.
#include <fmt/format.h>

#include <algorithm>

#include "host/experiment/bracket.hpp"
#include "host/experiment/line_plot.hpp"
#include "host/experiment/sweep.hpp"

namespace crucible::experiment {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kSchema = "crucible.sweep/1";

double share(int part, int whole) { return whole > 0 ? static_cast<double>(part) / whole : 0.0; }

Json point_json(const SweepPoint& point) {
  Json json = {{"bound", point.bound},
               {"lsb_exp", point.lsb_exp},
               {"steps", point.steps},
               {"images", point.images},
               {"correct", point.correct},
               {"accuracy", point.accuracy()},
               {"search_accuracy", point.search_accuracy},
               {"gradient_evaluations", point.gradient_evaluations},
               {"count_evaluations", point.count_evaluations}};
  if (point.random) {
    json["random"] = {{"chips", point.random->chips},
                      {"images", point.random->images},
                      {"mean", point.random->mean},
                      {"lowest", point.random->lowest}};
  }
  if (point.certified) json["certificate"] = bracket_json(*point.certified);
  return json;
}

SweepPoint point_from(const Json& json) {
  SweepPoint point;
  json.at("bound").get_to(point.bound);
  json.at("lsb_exp").get_to(point.lsb_exp);
  json.at("steps").get_to(point.steps);
  json.at("images").get_to(point.images);
  json.at("correct").get_to(point.correct);
  json.at("search_accuracy").get_to(point.search_accuracy);
  json.at("gradient_evaluations").get_to(point.gradient_evaluations);
  json.at("count_evaluations").get_to(point.count_evaluations);
  if (json.contains("random")) {
    const Json& random = json["random"];
    point.random = {random.at("chips").get<int>(), random.at("images").get<int>(),
                    random.at("mean").get<double>(), random.at("lowest").get<double>()};
  }
  if (json.contains("certificate")) point.certified = bracket_from(json["certificate"]);
  return point;
}

Json end_json(const std::optional<BoundAccuracy>& end) {
  if (!end) return nullptr;
  return {{"bound", end->bound}, {"accuracy", end->accuracy}};
}

std::optional<BoundAccuracy> end_from(const Json& json) {
  if (json.is_null()) return std::nullopt;
  return BoundAccuracy{json.at("bound").get<double>(), json.at("accuracy").get<double>()};
}

std::vector<SweepPoint> by_bound(std::vector<SweepPoint> points) {
  std::sort(points.begin(), points.end(),
            [](const SweepPoint& a, const SweepPoint& b) { return a.bound < b.bound; });
  return points;
}

std::string ends_text(const Sweep& sweep) {
  const std::string level = fmt::format("{:g} %", 100 * std::stod(sweep.settings.at("reach")));
  const auto end = [](const BoundAccuracy& at) {
    return fmt::format("{:g} ({:.2f} %)", at.bound, 100 * at.accuracy);
  };
  const Bracket& bracket = *sweep.bracket;
  if (!bracket.below) {
    return fmt::format("no bound up to {} goes below {}\n", end(*bracket.above), level);
  }
  if (!bracket.above) {
    return fmt::format("already the smallest bound, {}, goes below {}\n", end(*bracket.below),
                       level);
  }
  return fmt::format(
      "{}: the largest bound that stays at or above is {},\n"
      "the smallest that goes below is {}\n",
      level, end(*bracket.above), end(*bracket.below));
}

}  // namespace

Json sweep_json(const Sweep& sweep) {
  Json json = {{"schema", kSchema},
               {"settings", sweep.settings},
               {"clean",
                {{"images", sweep.clean_images},
                 {"correct", sweep.clean_correct},
                 {"accuracy", share(sweep.clean_correct, sweep.clean_images)}}}};
  Json points = Json::array();
  for (const SweepPoint& point : sweep.points) points.push_back(point_json(point));
  json["points"] = std::move(points);
  if (sweep.bracket) {
    json["bracket"] = {{"above", end_json(sweep.bracket->above)},
                       {"below", end_json(sweep.bracket->below)}};
  }
  json["complete"] = sweep.complete;
  return json;
}

Sweep sweep_from_json(const Json& json) {
  Sweep sweep;
  sweep.settings = json.at("settings").get<SweepSettings>();
  json.at("clean").at("images").get_to(sweep.clean_images);
  json.at("clean").at("correct").get_to(sweep.clean_correct);
  for (const Json& point : json.at("points")) sweep.points.push_back(point_from(point));
  if (json.contains("bracket")) {
    sweep.bracket =
        Bracket{end_from(json["bracket"].at("above")), end_from(json["bracket"].at("below"))};
  }
  json.at("complete").get_to(sweep.complete);
  return sweep;
}

std::string sweep_csv(const Sweep& sweep) {
  std::string csv =
      "bound,images,correct,accuracy,search_accuracy,gradient_evaluations,random_mean,"
      "random_lowest,certified,certified_images\n";
  for (const SweepPoint& point : by_bound(sweep.points)) {
    csv += fmt::format("{},{},{},{},{},{}", point.bound, point.images, point.correct,
                       point.accuracy(), point.search_accuracy, point.gradient_evaluations);
    csv += point.random ? fmt::format(",{},{}", point.random->mean, point.random->lowest) : ",,";
    csv += point.certified
               ? fmt::format(",{},{}", point.certified->certified, point.certified->images)
               : ",,";
    csv += "\n";
  }
  return csv;
}

std::string sweep_svg(const Sweep& sweep) {
  LinePlot plot{.title = "Accuracy against the bound",
                .x_label = fmt::format("bound, convention {}", sweep.settings.at("convention")),
                .y_label = "accuracy, %",
                .x_scale = Scale::kLog,
                .y_scale = Scale::kLinear,
                .series = {}};
  PlotSeries found{"worst found", {}}, random{"mean of random chips", {}}, floor{"certified", {}};
  for (const SweepPoint& point : by_bound(sweep.points)) {
    found.points.emplace_back(point.bound, 100 * point.accuracy());
    if (point.random) random.points.emplace_back(point.bound, 100 * point.random->mean);
    if (point.certified) {
      floor.points.emplace_back(point.bound,
                                100 * share(point.certified->certified, point.certified->images));
    }
  }
  const double first = found.points.empty() ? 1.0 : found.points.front().first;
  plot.series = {found};
  if (!random.points.empty()) plot.series.push_back(random);
  if (!floor.points.empty()) plot.series.push_back(floor);
  plot.series.push_back({"clean", {{first, 100 * share(sweep.clean_correct, sweep.clean_images)}}});
  return render_svg(plot);
}

std::string sweep_text(const Sweep& sweep) {
  const auto& settings = sweep.settings;
  std::string text = fmt::format(
      "{}, {} images, clean {:.2f} %; {} with effort {}\n"
      "  bound ({:<10})  worst found  on the search's images",
      settings.at("network"), sweep.clean_images,
      100 * share(sweep.clean_correct, sweep.clean_images), settings.at("method"),
      settings.at("effort"), settings.at("convention"));
  const bool random = settings.at("chips") != "0", certified = settings.at("certify_images") != "0";
  if (random) text += fmt::format("  mean of {} chips  lowest", settings.at("chips"));
  text += "        s\n";
  for (const SweepPoint& point : by_bound(sweep.points)) {
    text += fmt::format("  {:<18g}  {:9.2f} %  {:22.2f} %", point.bound, 100 * point.accuracy(),
                        100 * point.search_accuracy);
    if (point.random) {
      text += fmt::format("  {:>{}.2f} %  {:4.1f} %", 100 * point.random->mean,
                          12 + settings.at("chips").size(), 100 * point.random->lowest);
    }
    const auto seconds = sweep.seconds.find(fmt::format("{}", point.bound));
    text += seconds == sweep.seconds.end() ? "\n" : fmt::format("  {:7.1f}\n", seconds->second);
  }
  if (certified) {
    text += fmt::format("  the first {} images, certified by {}\n", settings.at("certify_images"),
                        settings.at("certified_by"));
    for (const SweepPoint& point : by_bound(sweep.points))
      if (point.certified)
        text += fmt::format("  {:<18g}  {}\n", point.bound, bracket_text(*point.certified));
  }
  if (sweep.bracket) text += ends_text(sweep);
  return text;
}

}  // namespace crucible::experiment
