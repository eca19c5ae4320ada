// Accuracy of many random chips: what variation does when nobody chooses it.
#pragma once

#include <cstdint>
#include <vector>

#include "host/eval/evaluation.hpp"
#include "models/network/network.hpp"
#include "models/variation/random_chip.hpp"
#include "models/variation/weight_box.hpp"

namespace crucible::eval {

struct MonteCarloSettings {
  int chips = 100;
  models::Distribution distribution = models::Distribution::kTruncatedGaussian;
  double sigma = 0.5;  ///< in units of the bound
  uint64_t seed = 1;   ///< chip i is drawn from seed + i
  int threads = 0;
  IWorkers* workers = nullptr;  ///< they split the chips, and all get the whole result
};

struct MonteCarloResult {
  std::vector<double> accuracy;  ///< of every chip in order, 0 .. 1
  [[nodiscard]] double mean() const;
  [[nodiscard]] double lowest() const;
  /// Linear interpolation between order statistics (NumPy's default); q is 0 .. 1.
  [[nodiscard]] double quantile(double q) const;
};

/// Evaluates chips 0 .. chips - 1 on the twin. `compiled` has injection on with the box's grid and
/// base. The result does not depend on the number of threads. `progress` may end it early (with the
/// chips of a whole prefix).
[[nodiscard]] MonteCarloResult monte_carlo(const models::QuantisedNetwork& network,
                                           const models::CompiledNetwork& compiled,
                                           const models::WeightBox& box, LabelledImages images,
                                           const MonteCarloSettings& settings,
                                           const Progress& progress = {});

}  // namespace crucible::eval
