// A chance study as text and as JSON: see chance_study.hpp.
#include <fmt/format.h>

#include <cmath>

#include "host/chance/percentile_performance.hpp"
#include "host/chance/tail_estimate.hpp"
#include "host/experiment/chance_study.hpp"
#include "host/experiment/result_json.hpp"

namespace crucible::experiment {
namespace {

using Json = nlohmann::ordered_json;

std::string_view end_word(chance::SubsetEnd end) {
  switch (end) {
    case chance::SubsetEnd::kReached:
      return "reached";
    case chance::SubsetEnd::kMostLevels:
      return "most-levels";
    case chance::SubsetEnd::kBottom:
      return "bottom";
    case chance::SubsetEnd::kInterrupted:
      return "interrupted";
  }
  return "";
}

/// Images right as an accuracy 0 .. 1.
double share(const ChanceStudy& study, int64_t right) {
  return static_cast<double>(right) / study.image_count;
}

Json interval_json(const std::optional<chance::Interval>& interval) {
  return interval ? Json::array({interval->lo, interval->hi}) : Json(nullptr);
}

template <class T>
Json optional_json(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

/// JSON has no infinity; a cv of an event that was never seen is none.
Json finite_json(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json brute_json(const ChanceStudy& study) {
  const std::vector<double>& accuracy = study.brute.accuracy;
  const double confidence = study.config.confidence;
  const chance::Spread spread = chance::spread(accuracy, confidence);
  Json quantiles = Json::array(), events = Json::array(), right = Json::array();
  for (const double q : study.config.quantiles) {
    const chance::Percentile p = chance::percentile_performance(accuracy, q, confidence);
    quantiles.push_back({{"q", q},
                         {"accuracy", optional_json(p.accuracy)},
                         {"interval", interval_json(p.interval)},
                         {"chips_needed", p.needed}});
  }
  for (const double a : study.config.at_most) {
    const chance::Exceedance e = chance::exceedance(accuracy, a, confidence);
    events.push_back({{"accuracy_at_most", a},
                      {"chips", e.hits},
                      {"probability", static_cast<double>(e.hits) / static_cast<double>(e.chips)},
                      {"interval", interval_json(e.interval)}});
  }
  for (const double a : accuracy) right.push_back(std::llround(a * study.image_count));
  return {{"first_seed", study.config.seed},
          {"chips", spread.chips},
          {"mean", spread.mean},
          {"mean_interval", interval_json(spread.mean_interval)},
          {"standard_deviation", optional_json(spread.deviation)},
          {"lowest", spread.lowest},
          {"quantiles", quantiles},
          {"probabilities", events},
          {"images_right", right},
          {"seconds", study.brute_s}};
}

Json split_json(const ChanceStudy& study) {
  const chance::SubsetResult& split = *study.split;
  Json json = {{"first_seed", split.settings.seed},
               {"chains", split.settings.chains},
               {"chain_length", split.settings.chain_length},
               {"chips", split.evaluations},
               {"end", end_word(split.end)}};
  Json levels = Json::array(), quantiles = Json::array(), events = Json::array();
  for (const chance::SubsetLevel& level : split.levels) {
    levels.push_back(
        {{"probability", level.probability},
         {"images_right_at_most", level.threshold ? Json(level.threshold->value) : Json(nullptr)},
         {"drawn_anew", level.refreshed},
         {"accepted", level.accepted}});
  }
  for (const double q : study.config.quantiles) {
    if (split.levels.empty()) break;
    const chance::TailQuantile t = chance::tail_quantile(split, q, study.config.confidence);
    const auto accuracy = [&](const std::optional<int64_t>& right) {
      return right ? Json(share(study, *right)) : Json(nullptr);
    };
    quantiles.push_back({{"q", q},
                         {"accuracy", accuracy(t.value)},
                         {"interval", Json::array({accuracy(t.lo), accuracy(t.hi)})},
                         {"cv", finite_json(t.cv)}});
  }
  for (const double a : study.config.at_most) {
    if (split.levels.empty()) break;
    const chance::TailProbability p =
        chance::tail_probability(split, images_right(a, study.image_count));
    events.push_back({{"accuracy_at_most", a},
                      {"probability", p.probability},
                      {"cv", finite_json(p.cv)},
                      {"most_cv", finite_json(p.most_cv)}});
  }
  json["levels"] = levels;
  json["quantiles"] = quantiles;
  json["probabilities"] = events;
  json["seconds"] = study.split_s;
  return json;
}

std::string percent(double accuracy) { return fmt::format("{:.2f} %", 100 * accuracy); }

std::string brute_text(const ChanceStudy& study) {
  const std::vector<double>& accuracy = study.brute.accuracy;
  const double confidence = study.config.confidence;
  const chance::Spread spread = chance::spread(accuracy, confidence);
  std::string text = fmt::format(
      "\nMonte Carlo: {} chips from seed {}, {:.1f} s\n  mean        {:>9}", spread.chips,
      study.config.seed, study.brute_s, fmt::format("{:.3f} %", 100 * spread.mean));
  if (spread.mean_interval) {
    text += fmt::format("   {:.3f} .. {:.3f} %, Student's t; standard deviation {:.3f} %",
                        100 * spread.mean_interval->lo, 100 * spread.mean_interval->hi,
                        100 * *spread.deviation);
  }
  text += fmt::format("\n  lowest      {:>9}\n", percent(spread.lowest));
  for (const double q : study.config.quantiles) {
    const chance::Percentile p = chance::percentile_performance(accuracy, q, confidence);
    text += fmt::format(
        "  quantile {:<7g}{:>9}   {}\n", q, p.accuracy ? percent(*p.accuracy) : std::string("-"),
        p.interval ? fmt::format("{:.2f} .. {:.2f} %, order statistics", 100 * p.interval->lo,
                                 100 * p.interval->hi)
                   : fmt::format("not enough chips for an interval: {} are needed, {} "
                                 "were drawn",
                                 p.needed, spread.chips));
  }
  for (const double a : study.config.at_most) {
    const chance::Exceedance e = chance::exceedance(accuracy, a, confidence);
    text += fmt::format(
        "  P(accuracy <= {:g} %)   {:.3g} ({} chips)   {:.3g} .. {:.3g}, Clopper "
        "and Pearson\n",
        100 * a, static_cast<double>(e.hits) / static_cast<double>(e.chips), e.hits, e.interval.lo,
        e.interval.hi);
  }
  return text;
}

std::string split_text(const ChanceStudy& study) {
  const chance::SubsetResult& split = *study.split;
  std::string text = fmt::format(
      "\nSubset simulation: {} chains of {}, {} chips from seed {}, {:.1f} s, ended: "
      "{}\n  level   probability   accuracy at most   drawn anew   accepted\n",
      split.settings.chains, split.settings.chain_length, split.evaluations, split.settings.seed,
      study.split_s, end_word(split.end));
  for (size_t l = 0; l < split.levels.size(); ++l) {
    const chance::SubsetLevel& level = split.levels[l];
    text += fmt::format(
        "  {:>5}   {:>11.3g}   {:>16}   {:>10}   {:>8}\n", l, level.probability,
        level.threshold ? percent(share(study, level.threshold->value)) : std::string("-"),
        fmt::format("{:.1f} %", 100 * level.refreshed), fmt::format("{:.2f}", level.accepted));
  }
  if (split.levels.empty()) return text + "  no level was complete\n";
  for (const double q : study.config.quantiles) {
    const chance::TailQuantile t = chance::tail_quantile(split, q, study.config.confidence);
    if (!t.value) {
      text +=
          fmt::format("  quantile {:<7g}        -   below the last level: allow more levels\n", q);
      continue;
    }
    const auto end = [&](const std::optional<int64_t>& right, const char* open) {
      return right ? fmt::format("{:.2f}", 100 * share(study, *right)) : std::string(open);
    };
    text += fmt::format("  quantile {:<7g}{:>9}   {} .. {} %, cv of the probability {:.2f}\n", q,
                        percent(share(study, *t.value)), end(t.lo, "0"), end(t.hi, "100"), t.cv);
  }
  for (const double a : study.config.at_most) {
    const chance::TailProbability p =
        chance::tail_probability(split, images_right(a, study.image_count));
    text +=
        p.probability > 0
            ? fmt::format(
                  "  P(accuracy <= {:g} %)   {:.3g}   cv {:.2f} (dependent levels: {:.2f})\n",
                  100 * a, p.probability, p.cv, p.most_cv)
            : fmt::format("  P(accuracy <= {:g} %)   below {:.1g}: no chip of the last level\n",
                          100 * a, split.levels.back().probability / split.settings.level_size());
  }
  return text;
}

std::string tile_words(const TileConfig& tile) {
  return fmt::format("{}, base {}, {}",
                     tile.transparent ? std::string("transparent ADC")
                                      : fmt::format("calibrated {}-bit ADC", tile.adc_bits),
                     tile.base, realisation_word(tile.realisation));
}

}  // namespace

Json chance_json(const ChanceStudy& study) {
  const ChanceStudyConfig& config = study.config;
  Json json = {{"network", study.network},
               {"data", study.data},
               {"bound", bound_json(config.bound)},
               {"realisation", realisation_word(config.tile.realisation)},
               {"tile",
                {{"base", config.tile.base},
                 {"adc", config.tile.transparent ? "transparent" : "calibrated"}}},
               {"distribution", distribution_word(config.distribution)},
               {"sigma_over_bound", config.sigma},
               {"draws", study.draws},
               {"evaluated_on", "bit-exact twin"},
               {"images", study.image_count},
               {"image_subset", study.images},
               {"clean_accuracy", study.clean},
               {"confidence", config.confidence},
               {"interrupted", study.interrupted}};
  if (!study.brute.accuracy.empty()) json["monte_carlo"] = brute_json(study);
  if (study.split) json["subset_simulation"] = split_json(study);
  return json;
}

std::string chance_text(const ChanceStudy& study) {
  const ChanceStudyConfig& config = study.config;
  std::string text = fmt::format(
      "{} on {}, random chips: {}, {}{}\n{}; bit-exact twin, {}; no variation: {}\n"
      "{:g} % intervals over chips; the images are fixed\n",
      study.network, study.data, config.bound.describe(), distribution_word(config.distribution),
      config.distribution == models::Distribution::kTruncatedGaussian
          ? fmt::format(", sigma {} of it", config.sigma)
          : "",
      study.images, tile_words(config.tile), percent(study.clean), 100 * config.confidence);
  if (!study.brute.accuracy.empty()) text += brute_text(study);
  if (study.split) text += split_text(study);
  if (study.interrupted) text += "\nINTERRUPTED: chips and levels that were complete by then.\n";
  return text;
}

}  // namespace crucible::experiment
