#include "host/experiment/compare.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/base/workers.hpp"
#include "host/chance/percentile_performance.hpp"
#include "host/chance/tail_estimate.hpp"
#include "host/experiment/result_json.hpp"
#include "host/experiment/stopwatch.hpp"
#include "host/experiment/study_settings.hpp"
#include "models/error.hpp"

namespace crucible::experiment {
namespace {

ChipQuantile by_chips(const chance::Percentile& p) {
  ChipQuantile quantile{p.q, p.accuracy, {}, {}, "chips"};
  if (p.interval) {
    quantile.lo = p.interval->lo;
    quantile.hi = p.interval->hi;
  }
  return quantile;
}

ChipQuantile by_split(const chance::TailQuantile& tail, int images) {
  const auto share = [&](const std::optional<int64_t>& right) -> std::optional<double> {
    if (!right) return std::nullopt;
    return static_cast<double>(*right) / images;
  };
  return {tail.q, share(tail.value), share(tail.lo), share(tail.hi), "subset-simulation"};
}

/// Quantiles by the chips where these suffice for an interval, else by the subset simulation.
ChipColumns chip_columns(const ChanceStudy& study) {
  const double confidence = study.config.confidence;
  const chance::Spread spread = chance::spread(study.brute.accuracy, confidence);
  ChipColumns columns;
  columns.chips = static_cast<int>(spread.chips);
  columns.images = study.image_count;
  columns.clean = study.clean;
  columns.mean = columns.mean_lo = columns.mean_hi = spread.mean;
  columns.lowest = spread.lowest;
  if (spread.mean_interval) {
    columns.mean_lo = spread.mean_interval->lo;
    columns.mean_hi = spread.mean_interval->hi;
  }
  for (const double q : kPercentiles) {
    const chance::Percentile p =
        chance::percentile_performance(study.brute.accuracy, q, confidence);
    const bool split = !p.interval && study.split && !study.split->levels.empty();
    columns.quantiles.push_back(
        split ? by_split(chance::tail_quantile(*study.split, q, confidence), study.image_count)
              : by_chips(p));
  }
  return columns;
}

/// One comparison under way.
class Runner {
 public:
  Runner(const CompareConfig& config, const std::filesystem::path& path, IWorkers* workers,
         IReporter& reporter)
      : config_(config),
        folder_(path, "compare", workers),
        workers_(workers),
        reporter_(reporter) {}

  Comparison run(const std::vector<std::unique_ptr<Workbench>>& benches,
                 const StudySettings& settings, StudyStart start) {
    open(settings, start);
    for (const double bound : config_.bounds) {
      for (const auto& bench : benches) {
        if (!add_row(*bench, bound)) return comparison_;
      }
    }
    comparison_.complete = true;
    folder_.save("compare.md", compare_text(comparison_));
    folder_.save(compare_json(comparison_), comparison_.seconds);
    return comparison_;
  }

 private:
  void open(const StudySettings& settings, StudyStart start) {
    const auto document = folder_.open(settings, start, {"compare.md"});
    comparison_.settings = settings;
    if (!document) {
      folder_.save(compare_json(comparison_), {});
      return;
    }
    try {
      comparison_ = compare_from_json(*document);
    } catch (const nlohmann::json::exception& error) {
      folder_.refuse(error.what());
    }
    comparison_.seconds = folder_.seconds();
  }

  [[nodiscard]] bool interrupted() const { return any(workers_, reporter_.interrupted()); }

  /// False once the comparison was interrupted.
  bool add_row(Workbench& bench, double bound) {
    const auto known = [&](const CompareRow& row) {
      return row.network == bench.network().name && row.bound == bound;
    };
    if (std::any_of(comparison_.rows.begin(), comparison_.rows.end(), known)) return true;
    if (interrupted()) return false;
    const Stopwatch watch;
    const std::optional<CompareRow> row = make_row(bench, bound);
    if (!row) return false;
    comparison_.rows.push_back(*row);
    comparison_.seconds[row->name()] = watch.seconds();
    folder_.save(compare_json(comparison_), comparison_.seconds);
    reporter_.finish(
        "compare", fmt::format("{}: clean {:.2f} %, found {} % ({:.0f} s)", row->name(),
                               100.0 * row->worst.clean / row->worst.images, found_text(row->worst),
                               watch.seconds()));
    return true;
  }

  std::optional<CompareRow> make_row(Workbench& bench, double bound) {
    CompareRow row;
    row.network = bench.network().name;
    row.bound = bound;
    for (size_t l = 0; l < bench.network().layers.size(); ++l)
      row.rms_over_w_max.push_back(rms_over_w_max(bench.network(), l));
    SearchConfig search = config_.search;
    search.name = row.name();
    search.bound = make_bound(bound, config_.convention, config_.idle);
    search::CheckpointFile checkpoint = folder_.checkpoint();
    const auto worst =
        find_worst_case(bench, search, config_.certify_images, checkpoint, reporter_);
    if (!worst) return std::nullopt;
    row.worst = *worst;
    if (config_.chips > 0) row.chips = draw_chips(bench, search);
    if (interrupted()) return std::nullopt;
    return row;
  }

  ChipColumns draw_chips(Workbench& bench, const SearchConfig& search) {
    ChanceStudyConfig chance;
    chance.bound = search.bound;
    chance.tile = search.tile;
    chance.sigma = bench.config().monte_carlo.sigma;
    chance.chips = config_.chips;
    chance.images = config_.chip_images;
    chance.confidence = config_.confidence;
    chance.split = config_.chains > 0;
    if (chance.split) chance.chains = config_.chains;
    chance.seed = bench.config().seed;
    chance.threads = bench.config().threads;
    const ChanceStudy study = study_chance(bench, chance, reporter_);
    return study.brute.accuracy.empty() ? ChipColumns{} : chip_columns(study);
  }

  const CompareConfig& config_;
  StudyFolder folder_;
  IWorkers* workers_;
  IReporter& reporter_;
  Comparison comparison_;
};

/// Networks can be told apart, and every bound can be held by every network's offsets.
void check(const std::vector<std::unique_ptr<Workbench>>& benches, const CompareConfig& config) {
  for (size_t b = 0; b < benches.size(); ++b) {
    const models::QuantisedNetwork& network = benches[b]->network();
    for (size_t a = 0; a < b; ++a) {
      if (benches[a]->network().name == network.name) {
        throw Error(ErrorKind::kUsage,
                    fmt::format("compare: networks {} and {} are both called '{}'; give one "
                                "another name in its network.yaml",
                                a + 1, b + 1, network.name));
      }
    }
    for (const double bound : config.bounds) {
      try {
        static_cast<void>(
            models::make_grid(network, make_bound(bound, config.convention, config.idle)));
      } catch (const Error& error) {
        throw Error(error.kind(), fmt::format("compare: network {}, bound {:g}: {}", network.name,
                                              bound, error.what()));
      }
    }
  }
}

StudySettings settings_of(const std::vector<std::unique_ptr<Workbench>>& benches,
                          const CompareConfig& config) {
  const Workbench& first = *benches.front();
  StudySettings settings = common_settings(first, config.search, config.convention, config.idle);
  for (size_t n = 0; n < benches.size(); ++n)
    settings[fmt::format("network_{}", n + 1)] = network_word(*benches[n]);
  std::vector<std::string> bounds;
  for (const double bound : config.bounds) bounds.push_back(setting_word(bound));
  settings["bounds"] = fmt::format("{}", fmt::join(bounds, ", "));
  settings["chips"] = std::to_string(config.chips);
  if (config.chips > 0) {
    settings["chip_images"] = std::to_string(config.chip_images);
    settings["chains"] = std::to_string(config.chains);
    settings["confidence"] = setting_word(config.confidence);
    settings["sigma"] = setting_word(first.config().monte_carlo.sigma);
  }
  settings["certify_images"] = std::to_string(config.certify_images);
  return settings;
}

}  // namespace

std::string CompareRow::name() const { return fmt::format("{} at {}", network, bound); }

Comparison run_compare(const std::vector<std::unique_ptr<Workbench>>& benches,
                       const CompareConfig& config, const std::filesystem::path& folder,
                       StudyStart start, IReporter& reporter) {
  check(benches, config);
  return Runner(config, folder, benches.front()->workers(), reporter)
      .run(benches, settings_of(benches, config), start);
}

std::vector<std::string> zoo_networks(const data::Dataset& dataset) {
  std::vector<std::string> names;
  for (const char* suffix : {"", "-gaussian", "-right-censored", "-adversarial"}) {
    const std::string name = "lenet-" + dataset.name + suffix;
    if (std::filesystem::exists(network_path(name, dataset) / "network.yaml"))
      names.push_back(name);
  }
  if (names.empty()) static_cast<void>(network_path("auto", dataset));  // says where it looked
  return names;
}

}  // namespace crucible::experiment
