// What random chips do to a network: Monte Carlo with intervals, quantiles, and the tail by subset
// simulation. See docs/chance.md.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "host/chance/subset_simulation.hpp"
#include "host/eval/monte_carlo.hpp"
#include "host/experiment/i_reporter.hpp"
#include "host/experiment/workbench.hpp"
#include "models/variation/random_chip.hpp"

namespace crucible::experiment {

/// The quantiles of the literature.
inline const std::vector<double> kPercentiles{0.5, 0.1, 0.01, 0.001, 0.0001};

struct ChanceStudyConfig {
  models::VariationBound bound = models::VariationBound::weight_fraction(0.03);
  TileConfig tile;
  models::Distribution distribution = models::Distribution::kTruncatedGaussian;
  double sigma = 0.5;  ///< in units of the bound
  int chips = 1000;    ///< of the Monte Carlo; 0: none
  int images = 200;    ///< spread evenly over the test images
  std::vector<double> quantiles = kPercentiles;
  std::vector<double> at_most;  ///< accuracies 0 .. 1 whose probabilities are wanted
  double confidence = 0.95;
  bool split = false;   ///< subset simulation
  int chains = 50;      ///< of a level, 10 chips each
  int most_levels = 8;  ///< beside the first
  uint64_t seed = 1;    ///< chip i of the Monte Carlo is drawn from seed + i
  int threads = 0;
};

struct ChanceStudy {
  ChanceStudyConfig config;
  std::string network, data;
  std::string images;  ///< the subset, in words
  int image_count = 0;
  double clean = 0;  ///< accuracy without variation on the same images
  size_t draws = 0;  ///< independent draws of a chip
  eval::MonteCarloResult brute;
  std::optional<chance::SubsetResult> split;
  double brute_s = 0, split_s = 0;
  bool interrupted = false;
};

/// First seed of the subset simulation: beyond the chips of the Monte Carlo, so that each checks
/// the other.
[[nodiscard]] uint64_t split_seed(uint64_t seed);
/// Most images right that an accuracy of at most `accuracy` allows.
[[nodiscard]] int64_t images_right(double accuracy, int images);
[[nodiscard]] std::string distribution_word(models::Distribution distribution);

/// Ends early, with the chips and levels that are complete, when the reporter is interrupted.
/// Throws crucible::Error for a bound that no grid holds, or values out of range.
[[nodiscard]] ChanceStudy study_chance(Workbench& bench, const ChanceStudyConfig& config,
                                       IReporter& reporter);

[[nodiscard]] nlohmann::ordered_json chance_json(const ChanceStudy& study);
[[nodiscard]] std::string chance_text(const ChanceStudy& study);

}  // namespace crucible::experiment
