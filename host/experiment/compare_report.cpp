// A comparison as a document and as tables; see compare.hpp.
#include <fmt/format.h>

#include <algorithm>

#include "host/experiment/compare.hpp"

namespace crucible::experiment {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kSchema = "crucible.compare/1";

Json optional_json(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

std::optional<double> optional_from(const Json& json) {
  if (json.is_null()) return std::nullopt;
  return json.get<double>();
}

Json chips_json(const ChipColumns& chips) {
  Json quantiles = Json::array();
  for (const ChipQuantile& q : chips.quantiles) {
    quantiles.push_back({{"q", q.q},
                         {"accuracy", optional_json(q.accuracy)},
                         {"interval", {optional_json(q.lo), optional_json(q.hi)}},
                         {"by", q.by}});
  }
  return {{"chips", chips.chips},
          {"images", chips.images},
          {"clean", chips.clean},
          {"mean", chips.mean},
          {"mean_interval", {chips.mean_lo, chips.mean_hi}},
          {"lowest", chips.lowest},
          {"quantiles", std::move(quantiles)}};
}

ChipColumns chips_from(const Json& json) {
  ChipColumns chips;
  json.at("chips").get_to(chips.chips);
  json.at("images").get_to(chips.images);
  json.at("clean").get_to(chips.clean);
  json.at("mean").get_to(chips.mean);
  json.at("mean_interval").at(0).get_to(chips.mean_lo);
  json.at("mean_interval").at(1).get_to(chips.mean_hi);
  json.at("lowest").get_to(chips.lowest);
  for (const Json& q : json.at("quantiles")) {
    chips.quantiles.push_back({q.at("q").get<double>(), optional_from(q.at("accuracy")),
                               optional_from(q.at("interval").at(0)),
                               optional_from(q.at("interval").at(1)),
                               q.at("by").get<std::string>()});
  }
  return chips;
}

Json row_json(const CompareRow& row) {
  Json json = {{"network", row.network},
               {"bound", row.bound},
               {"rms_over_w_max", row.rms_over_w_max},
               {"worst", worst_case_json(row.worst)}};
  if (row.chips) json["random"] = chips_json(*row.chips);
  return json;
}

CompareRow row_from(const Json& json) {
  CompareRow row;
  json.at("network").get_to(row.network);
  json.at("bound").get_to(row.bound);
  json.at("rms_over_w_max").get_to(row.rms_over_w_max);
  row.worst = worst_case_from(json.at("worst"));
  if (json.contains("random")) row.chips = chips_from(json["random"]);
  return row;
}

std::string percent(double share, int digits) {
  return fmt::format("{:.{}f}", 100 * share, digits);
}

std::string quantile_text(const ChipQuantile& quantile) {
  if (!quantile.accuracy) return "-";
  return percent(*quantile.accuracy, 1) + (quantile.by == "chips" ? "" : "*");
}

std::string chip_cells(const CompareRow& row) {
  if (!row.chips || row.chips->chips == 0) return " - | - |";
  const ChipColumns& chips = *row.chips;
  std::string text = fmt::format(" {} ({} .. {}) | ", percent(chips.mean, 2),
                                 percent(chips.mean_lo, 2), percent(chips.mean_hi, 2));
  for (const ChipQuantile& quantile : chips.quantiles)
    text += (&quantile == chips.quantiles.data() ? "" : " / ") + quantile_text(quantile);
  return text + " |";
}

std::string row_text(const CompareRow& row) {
  const WorstCase& worst = row.worst;
  return fmt::format("| {} | {} |{} {} | {} |\n", row.network,
                     percent(static_cast<double>(worst.clean) / worst.images, 2), chip_cells(row),
                     found_text(worst), floor_text(worst));
}

std::string setting(const Comparison& comparison, const char* name) {
  const auto found = comparison.settings.find(name);
  return found == comparison.settings.end() ? "-" : found->second;
}

}  // namespace

Json compare_json(const Comparison& comparison) {
  Json rows = Json::array();
  for (const CompareRow& row : comparison.rows) rows.push_back(row_json(row));
  return {{"schema", kSchema},
          {"settings", comparison.settings},
          {"rows", std::move(rows)},
          {"complete", comparison.complete}};
}

Comparison compare_from_json(const Json& json) {
  Comparison comparison;
  comparison.settings = json.at("settings").get<StudySettings>();
  for (const Json& row : json.at("rows")) comparison.rows.push_back(row_from(row));
  json.at("complete").get_to(comparison.complete);
  return comparison;
}

std::string compare_text(const Comparison& comparison) {
  const auto word = [&](const char* name) { return setting(comparison, name); };
  std::string text = fmt::format(
      "Accuracy in percent; convention {}, base {}, ADC {}; found by {} with effort {}.\n",
      word("convention"), word("base"), word("adc"), word("method"), word("effort"));
  if (word("chips") != "0") {
    text += fmt::format(
        "Random chips: {} on {} images spread over the test set, sigma {} of the bound; * by "
        "subset simulation.\n",
        word("chips"), word("chip_images"), word("sigma"));
  }
  if (word("certify_images") != "0")
    text += fmt::format("Certified: of the first {} test images.\n", word("certify_images"));
  double bound = 0;
  for (const CompareRow& row : comparison.rows) {
    if (row.bound != bound) {
      bound = row.bound;
      text += fmt::format(
          "\nBound {}\n\n| network | clean | mean of chips (interval) | chips' quantiles 0.5 / "
          "0.1 / 0.01 / 0.001 / 0.0001 | worst found | certified <= found <= clean |\n"
          "| --- | --- | --- | --- | --- | --- |\n",
          bound);
    }
    text += row_text(row);
  }
  return text;
}

}  // namespace crucible::experiment
