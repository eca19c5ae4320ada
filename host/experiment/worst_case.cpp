#include "host/experiment/worst_case.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/experiment/bracket.hpp"
#include "host/experiment/row_search.hpp"
#include "models/error.hpp"

namespace crucible::experiment {
namespace {

using Json = nlohmann::ordered_json;

}  // namespace

std::optional<WorstCase> find_worst_case(Workbench& bench, const SearchConfig& search,
                                         int certify_images, search::CheckpointFile& checkpoint,
                                         IReporter& reporter) {
  RowOutcome row = search_row(bench, search, {}, reporter, &checkpoint);
  if (row.search.interrupted()) return std::nullopt;
  evaluate_row(bench, row);
  // The chip without deviations is in the box, too. Most methods do not see the ADC, so what they
  // end on can be better.
  const eval::Evaluation clean = eval::evaluate_model(
      row.compiled, models::ChipOffsets(row.compiled.geometry.cells(), 0),
      bench.test_images(bench.config().images.model), bench.config().threads, bench.workers());
  WorstCase worst;
  worst.lsb_exp = row.compiled.common.lsb_exp;
  worst.search_accuracy = row.search.accuracy;
  worst.gradient_evaluations = row.search.gradient_evaluations;
  worst.count_evaluations = row.search.count_evaluations;
  worst.images = clean.images();
  worst.clean = clean.correct;
  worst.no_change = row.model.correct > clean.correct;
  const eval::Evaluation& chip = worst.no_change ? clean : row.model;
  worst.found = chip.correct;
  if (certify_images > 0)
    worst.floor = certify_bracket(
        bench, row.compiled,
        models::make_box(bench.network(), search.bound, search.tile.realisation, search.tile.base),
        {.images = std::min(certify_images, chip.images()), .tight = true}, chip.predicted,
        search.name);
  require_found_below_clean(worst, search.name);
  return worst;
}

void require_found_below_clean(const WorstCase& worst, const std::string& name) {
  if (worst.found <= worst.clean) return;
  throw Error(ErrorKind::kInternal,
              fmt::format("{}: of {} images {} are right on the chip found and {} without "
                          "deviations; found <= clean must hold: report it",
                          name, worst.images, worst.found, worst.clean));
}

Json worst_case_json(const WorstCase& worst) {
  Json json = {{"lsb_exp", worst.lsb_exp},
               {"images", worst.images},
               {"clean", worst.clean},
               {"found", worst.found},
               {"no_change", worst.no_change},
               {"search_accuracy", worst.search_accuracy},
               {"gradient_evaluations", worst.gradient_evaluations},
               {"count_evaluations", worst.count_evaluations}};
  if (worst.floor) json["floor"] = bracket_json(*worst.floor);
  return json;
}

WorstCase worst_case_from(const Json& json) {
  WorstCase worst;
  json.at("lsb_exp").get_to(worst.lsb_exp);
  json.at("images").get_to(worst.images);
  json.at("clean").get_to(worst.clean);
  json.at("found").get_to(worst.found);
  json.at("no_change").get_to(worst.no_change);
  json.at("search_accuracy").get_to(worst.search_accuracy);
  json.at("gradient_evaluations").get_to(worst.gradient_evaluations);
  json.at("count_evaluations").get_to(worst.count_evaluations);
  if (json.contains("floor")) worst.floor = bracket_from(json["floor"]);
  return worst;
}

std::string found_text(const WorstCase& worst) {
  return fmt::format("{:.2f}", 100.0 * worst.found / worst.images);
}

std::string floor_text(const WorstCase& worst) {
  if (!worst.floor) return "-";
  const AccuracyBracket& f = *worst.floor;
  const auto percent = [&](int part) { return fmt::format("{:.1f}", 100.0 * part / f.images); };
  return percent(f.certified) + " <= " + percent(f.found) + " <= " + percent(f.clean);
}

}  // namespace crucible::experiment
