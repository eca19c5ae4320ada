#include "host/experiment/chance_study.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "host/base/workers.hpp"
#include "host/chance/chip_problem.hpp"
#include "host/chance/image_subset.hpp"
#include "host/chance/intervals.hpp"
#include "host/experiment/stopwatch.hpp"
#include "models/error.hpp"
#include "models/variation/chip_space.hpp"

namespace crucible::experiment {
namespace {

void check(const ChanceStudyConfig& config) {
  const auto fail = [](const std::string& what) {
    throw Error(ErrorKind::kUsage, "chance: " + what);
  };
  if (config.chips == 0 && !config.split) {
    fail(
        "0 chips and no subset simulation leave nothing to do; ask for chips, or for "
        "--subset-simulation");
  }
  if (config.chips < 0) fail(fmt::format("{} chips; it must be 0 or more", config.chips));
  for (const double q : config.quantiles) {  // the same check as when they are evaluated, sooner
    static_cast<void>(chance::values_needed(q, config.confidence));
  }
  for (const double a : config.at_most) {
    if (!(a >= 0 && a <= 1)) {
      fail(fmt::format("accuracy {} %; it must be 0 .. 100", 100 * a));
    }
  }
}

/// What the results of a study depend on beside its bench.
Facts facts_of(const ChanceStudyConfig& config) {
  return {{"bound", config.bound.describe()},
          {"tile", fmt::format("base {}, {}, {} bits, realisation {}", config.tile.base,
                               config.tile.transparent ? "transparent" : "calibrated",
                               config.tile.adc_bits, static_cast<int>(config.tile.realisation))},
          {"distribution",
           fmt::format("{}, sigma {}", distribution_word(config.distribution), config.sigma)},
          {"chips", std::to_string(config.chips)},
          {"images", std::to_string(config.images)},
          {"quantiles", fmt::format("{}", fmt::join(config.quantiles, ", "))},
          {"at most", fmt::format("{}", fmt::join(config.at_most, ", "))},
          {"subset simulation",
           config.split ? fmt::format("{} chains, {} levels", config.chains, config.most_levels)
                        : "no"},
          {"seed", std::to_string(config.seed)}};
}

void run_brute(const Workbench& bench, const models::CompiledNetwork& compiled,
               const models::WeightBox& box, eval::LabelledImages images, ChanceStudy& study,
               IReporter& reporter) {
  const Stopwatch watch;
  const std::string activity = "monte-carlo";
  const ChanceStudyConfig& config = study.config;
  study.brute =
      eval::monte_carlo(bench.network(), compiled, box, images,
                        {.chips = config.chips,
                         .distribution = config.distribution,
                         .sigma = config.sigma,
                         .seed = config.seed,
                         .threads = config.threads,
                         .workers = bench.workers()},
                        [&](int done) {
                          reporter.progress(activity, static_cast<double>(done) / config.chips,
                                            fmt::format("{} of {} chips", done, config.chips));
                          return !reporter.interrupted();
                        });
  study.brute_s = watch.seconds();
  reporter.finish(activity, fmt::format("monte-carlo: {} chips, mean {:.2f} %, lowest {:.2f} %",
                                        study.brute.accuracy.size(), 100 * study.brute.mean(),
                                        100 * study.brute.lowest()));
}

void run_split(const Workbench& bench, const chance::ChipProblem& problem, ChanceStudy& study,
               IReporter& reporter) {
  const Stopwatch watch;
  const std::string activity = "subset simulation";
  const ChanceStudyConfig& config = study.config;
  chance::SubsetSettings settings;
  settings.chains = config.chains;
  settings.most_levels = config.most_levels;
  settings.seed = split_seed(config.seed);
  settings.threads = config.threads;
  settings.workers = bench.workers();
  settings.smallest = 0.5;
  for (const double q : config.quantiles) settings.smallest = std::min(settings.smallest, q);
  for (const double a : config.at_most) {
    const int64_t value = images_right(a, problem.images());
    settings.reach = std::min(settings.reach.value_or(value), value);
  }
  study.split = chance::subset_simulation(
      problem, settings, [&](int level, double done, const chance::Score& lowest) {
        const double accuracy =
            100.0 * static_cast<double>(lowest.value) / static_cast<double>(problem.images());
        reporter.progress(activity, done,
                          fmt::format("level {}, lowest {:.2f} %", level, accuracy));
        return !reporter.interrupted();
      });
  study.split_s = watch.seconds();
  reporter.finish(activity, fmt::format("subset simulation: {} levels, {} chips",
                                        study.split->levels.size(), study.split->evaluations));
}

}  // namespace

int64_t images_right(double accuracy, int images) {
  constexpr double kLastBit = 1e-9;  // 0.29 * 100 is 28.999...
  return static_cast<int64_t>(std::floor(accuracy * images + kLastBit));
}

uint64_t split_seed(uint64_t seed) { return seed + (uint64_t{1} << 32); }

std::string distribution_word(models::Distribution distribution) {
  switch (distribution) {
    case models::Distribution::kTruncatedGaussian:
      return "truncated-gaussian";
    case models::Distribution::kVertex:
      return "vertex";
    case models::Distribution::kUniform:
      return "uniform";
  }
  return "";
}

ChanceStudy study_chance(Workbench& bench, const ChanceStudyConfig& config, IReporter& reporter) {
  check(config);
  require_equal_facts(bench.workers(), "chance", facts_of(config));
  const models::WeightBox box =
      models::make_box(bench.network(), config.bound, config.tile.realisation, config.tile.base);
  const models::CompiledNetwork compiled =
      bench.compile(config.tile, box.grid.lsb_exp, /*inject=*/true);
  const chance::ImageSubset subset(bench.test_images(bench.dataset().test.count()), config.images);
  const models::ChipSpace space(bench.network(), compiled, box, config.distribution, config.sigma);
  const chance::ChipProblem problem(space, compiled, subset.images());

  ChanceStudy study;
  study.config = config;
  study.network = bench.network().name;
  study.data = bench.dataset().name;
  study.images = subset.description();
  study.image_count = problem.images();
  study.draws = space.draws();
  const models::ChipOffsets none(compiled.geometry.cells(), 0);
  study.clean =
      eval::evaluate_model(compiled, none, subset.images(), config.threads, bench.workers())
          .accuracy();
  if (config.chips > 0) run_brute(bench, compiled, box, subset.images(), study, reporter);
  // One worker may have been interrupted alone.
  const auto interrupted = [&] { return any(bench.workers(), reporter.interrupted()); };
  if (config.split && !interrupted()) run_split(bench, problem, study, reporter);
  study.interrupted = interrupted();
  return study;
}

}  // namespace crucible::experiment
