#include "host/eval/monte_carlo.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "host/base/parallel.hpp"
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
  const int threads = thread_count(settings.threads);
  // One batch of chips at a time, so that an interrupted run keeps a whole prefix.
  while (static_cast<int>(result.accuracy.size()) < settings.chips) {
    const size_t first = result.accuracy.size();
    const size_t batch =
        std::min(static_cast<size_t>(threads), static_cast<size_t>(settings.chips) - first);
    result.accuracy.resize(first + batch);
    parallel_shards(batch, threads, [&](size_t shard, int) {
      std::vector<int16_t> draws(space.draws());
      space.sample(settings.seed + first + shard, draws);
      result.accuracy[first + shard] =
          evaluate_model(compiled, space.offsets(draws), images, 1).accuracy();
    });
    if (progress && !progress(static_cast<int>(result.accuracy.size()))) break;
  }
  return result;
}

}  // namespace crucible::eval
