// A write-verify study as a document and as a table; see write_verify_study.hpp.
#include <fmt/format.h>

#include "host/experiment/write_verify_study.hpp"

namespace crucible::experiment {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kSchema = "crucible.write-verify/1";

Json row_json(const WriteVerifyRow& row) {
  Json json = {{"tolerance", row.tolerance},
               {"weight_bound", row.weight_bound},
               {"chips", row.chips},
               {"cells", row.cells},
               {"not_converged", row.not_converged},
               {"pulses",
                {{"mean", row.mean_pulses},
                 {"median", row.median_pulses},
                 {"p99", row.p99_pulses},
                 {"most", row.most_pulses}}},
               {"largest_deviation", row.largest_deviation},
               {"cut", row.cut},
               {"images", row.images},
               {"clean", row.clean},
               {"mean", row.mean},
               {"lowest", row.lowest}};
  if (row.worst) json["worst"] = worst_case_json(*row.worst);
  return json;
}

WriteVerifyRow row_from(const Json& json) {
  WriteVerifyRow row;
  json.at("tolerance").get_to(row.tolerance);
  json.at("weight_bound").get_to(row.weight_bound);
  json.at("chips").get_to(row.chips);
  json.at("cells").get_to(row.cells);
  json.at("not_converged").get_to(row.not_converged);
  const Json& pulses = json.at("pulses");
  pulses.at("mean").get_to(row.mean_pulses);
  pulses.at("median").get_to(row.median_pulses);
  pulses.at("p99").get_to(row.p99_pulses);
  pulses.at("most").get_to(row.most_pulses);
  json.at("largest_deviation").get_to(row.largest_deviation);
  json.at("cut").get_to(row.cut);
  json.at("images").get_to(row.images);
  json.at("clean").get_to(row.clean);
  json.at("mean").get_to(row.mean);
  json.at("lowest").get_to(row.lowest);
  if (json.contains("worst")) row.worst = worst_case_from(json["worst"]);
  return row;
}

std::string row_text(const WriteVerifyRow& row) {
  std::string text =
      fmt::format("| {:g} | {:.4f} | {:.4f} | {:.1f} | {} / {} / {} | {:.3f} |", row.tolerance,
                  row.tolerance / 3, row.weight_bound, row.mean_pulses, row.median_pulses,
                  row.p99_pulses, row.most_pulses,
                  100.0 * static_cast<double>(row.not_converged) / static_cast<double>(row.cells));
  text += fmt::format(" {:.2f} | {:.2f} |", 100 * row.mean, 100 * row.lowest);
  if (!row.worst) return text + " - | - |\n";
  return text + fmt::format(" {} | {} |\n", found_text(*row.worst), floor_text(*row.worst));
}

std::string cut_text(const WriteVerifyStudy& study) {
  std::string text;
  for (const WriteVerifyRow& row : study.rows) {
    if (row.cut == 0) continue;
    text += fmt::format(
        "{}: {} of {} cells ended farther off (up to {:.2f} levels) than an offset register "
        "holds and count as less far off.\n",
        row.name(), row.cut, row.cells, row.largest_deviation);
  }
  return text.empty() ? text : "\n" + text;
}

}  // namespace

Json write_verify_json(const WriteVerifyStudy& study) {
  Json rows = Json::array();
  for (const WriteVerifyRow& row : study.rows) rows.push_back(row_json(row));
  return {{"schema", kSchema},
          {"settings", study.settings},
          {"rows", std::move(rows)},
          {"complete", study.complete}};
}

WriteVerifyStudy write_verify_from_json(const Json& json) {
  WriteVerifyStudy study;
  study.settings = json.at("settings").get<StudySettings>();
  for (const Json& row : json.at("rows")) study.rows.push_back(row_from(row));
  json.at("complete").get_to(study.complete);
  return study;
}

std::string write_verify_text(const WriteVerifyStudy& study) {
  const auto word = [&](const char* name) {
    const auto found = study.settings.find(name);
    return found == study.settings.end() ? std::string("-") : found->second;
  };
  std::string text = fmt::format(
      "{}, base {}, ADC {}. Pulse {} levels, spread {} from pulse to pulse and {} from device to "
      "device,\nerased within {}, at most {} pulses. {} chips on {}.\nWorst found by {} with "
      "effort {} over devices that all move by the tolerance, idle ones too.\n\n",
      word("network"), word("base"), word("adc"), word("pulse"), word("cycle"), word("device"),
      word("erase"), word("most_pulses"), word("chips"), word("chip_images"), word("method"),
      word("effort"));
  text +=
      "| tolerance, levels | of full scale | weight, of w_max | pulses a cell | median / 99 % / "
      "most | not converged, % | chips, mean % | lowest % | worst found, % | certified <= found <= "
      "clean, % |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n";
  for (const WriteVerifyRow& row : study.rows) text += row_text(row);
  return text + cut_text(study);
}

}  // namespace crucible::experiment
