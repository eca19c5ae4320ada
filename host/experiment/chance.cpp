#include "host/experiment/chance.hpp"

#include <fmt/format.h>

#include "host/experiment/stopwatch.hpp"
#include "models/variation/random_chip.hpp"

namespace crucible::experiment {

models::WeightBox chance_box(const Workbench& bench) {
  const ExperimentConfig& config = bench.config();
  return models::make_box(bench.network(), config.monte_carlo.bound, config.tile.realisation,
                          config.tile.base);
}

MonteCarloOutcome chance_outcome(Workbench& bench) {
  MonteCarloOutcome outcome;
  outcome.config = bench.config().monte_carlo;
  outcome.compiled =
      bench.compile(bench.config().tile, chance_box(bench).grid.lsb_exp, /*inject=*/true);
  outcome.images = bench.test_images(outcome.config.images).count();
  return outcome;
}

models::ChipOffsets draw_chip(const Workbench& bench, const MonteCarloOutcome& outcome, int chip) {
  return models::random_chip(bench.network(), outcome.compiled, chance_box(bench),
                             models::Distribution::kTruncatedGaussian, outcome.config.sigma,
                             bench.config().seed + static_cast<uint64_t>(chip));
}

void evaluate_chips(const Workbench& bench, MonteCarloOutcome& outcome, IReporter& reporter,
                    const std::function<bool()>& ended) {
  const Stopwatch watch;
  const eval::MonteCarloSettings settings{.chips = outcome.config.chips,
                                          .sigma = outcome.config.sigma,
                                          .seed = bench.config().seed,
                                          .threads = bench.config().threads,
                                          .workers = bench.workers()};
  const std::string activity = "monte-carlo";
  outcome.model =
      eval::monte_carlo(bench.network(), outcome.compiled, chance_box(bench),
                        bench.test_images(outcome.images), settings, [&](int done) {
                          reporter.progress(activity, static_cast<double>(done) / settings.chips,
                                            fmt::format("{} chips", done));
                          return !ended();
                        });
  outcome.model_s = watch.seconds();
  reporter.finish(
      activity,
      fmt::format(
          "model monte-carlo: {} chips of {} images, mean {:.2f} %, lowest {:.2f} % ({:.1f} s)",
          outcome.model.accuracy.size(), outcome.images, 100 * outcome.model.mean(),
          100 * outcome.model.lowest(), outcome.model_s));
}

}  // namespace crucible::experiment
