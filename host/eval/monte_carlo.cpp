#include "host/eval/monte_carlo.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "host/base/parallel.hpp"
#include "host/base/workers.hpp"
#include "models/error.hpp"
#include "models/variation/chip_space.hpp"

namespace crucible::eval {

double MonteCarloResult::mean() const {
  return accuracy.empty() ? 0.0
                          : std::accumulate(accuracy.begin(), accuracy.end(), 0.0) /
                                static_cast<double>(accuracy.size());
}

double MonteCarloResult::lowest() const {
  return accuracy.empty() ? 0.0 : *std::min_element(accuracy.begin(), accuracy.end());
}

double MonteCarloResult::quantile(double q) const {
  if (accuracy.empty()) return 0.0;
  std::vector<double> sorted = accuracy;
  std::sort(sorted.begin(), sorted.end());
  const double position = std::clamp(q, 0.0, 1.0) * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<size_t>(std::floor(position));
  const size_t above = std::min(below + 1, sorted.size() - 1);
  const double part = position - static_cast<double>(below);
  return sorted[below] + (sorted[above] - sorted[below]) * part;
}

MonteCarloResult monte_carlo(const models::QuantisedNetwork& network,
                             const models::CompiledNetwork& compiled, const models::WeightBox& box,
                             LabelledImages images, const MonteCarloSettings& settings,
                             const Progress& progress) {
  if (settings.chips < 1) {
    throw Error(ErrorKind::kUsage, "monte-carlo: the number of chips must be at least 1");
  }
  MonteCarloResult result;
  const models::ChipSpace space(network, compiled, box, settings.distribution, settings.sigma);
  const int threads = thread_count(settings.threads, settings.workers);
  const size_t at_once = sum(settings.workers, static_cast<uint64_t>(threads));
  // One batch of chips at a time, so that an interrupted run keeps a whole prefix.
  while (static_cast<int>(result.accuracy.size()) < settings.chips) {
    const size_t first = result.accuracy.size();
    const size_t batch = std::min(at_once, static_cast<size_t>(settings.chips) - first);
    result.accuracy.resize(first + batch);
    const Share mine = share_of(batch, settings.workers);
    parallel_shards(mine.size(), threads, [&](size_t shard, int) {
      const size_t chip = first + mine.first + shard;
      std::vector<int16_t> draws(space.draws());
      space.sample(settings.seed + chip, draws);
      result.accuracy[chip] = evaluate_model(compiled, space.offsets(draws), images, 1).accuracy();
    });
    gather_units(settings.workers, std::span(result.accuracy).subspan(first), batch);
    const bool stop = progress && !progress(static_cast<int>(result.accuracy.size()));
    if (largest(settings.workers, stop ? 1 : 0) != 0) break;
  }
  return result;
}

}  // namespace crucible::eval
