// Subset simulation (splitting): a rare event as a sequence of events of moderate probability, each
// sampled by Markov chains that start where the one before has reached it.
// S.-K. Au, J. L. Beck, "Estimation of small failure probabilities in high dimensions by subset
// simulation", Probabilistic Engineering Mechanics 16 (2001) 263-277. See docs/chance.md.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "host/base/i_workers.hpp"
#include "host/chance/i_tail_problem.hpp"

namespace crucible::chance {

struct SubsetSettings {
  int chains = 50;         ///< of a level; at least 2
  int chain_length = 10;   ///< its start and the moves after it; 1 / chain_length is p0; at least 2
  int most_levels = 8;     ///< beside the first, unconditional one
  double smallest = 1e-4;  ///< goes on until a probability this small is well inside a level
  std::optional<int64_t> reach;  ///< and until the probability of this value is
  uint64_t seed =
      1;  ///< draws i of the first level come from sample(seed + i); as in a Monte Carlo
  int threads = 0;
  IWorkers* workers = nullptr;  ///< they split the scores, and all get the whole result
  [[nodiscard]] int level_size() const { return chains * chain_length; }
};

struct SubsetLevel {
  double probability = 1;          ///< of this level, estimated: P(score <= threshold)
  std::optional<Score> threshold;  ///< none in the first level
  double refreshed = 1;            ///< part of the draws that a move draws anew
  double accepted = 1;             ///< part of the moves that stayed in the level
  std::vector<Score> scores;       ///< [chains][chain_length]; first level: independent
};

/// Why it ended.
enum class SubsetEnd {
  kReached,      ///< what was asked for lies well inside the last level
  kMostLevels,   ///< not reached within most_levels
  kBottom,       ///< half of a level shares its lowest score: there is nothing below to split
  kInterrupted,  ///< levels that were complete by then
};

struct SubsetResult {
  SubsetSettings settings;
  std::vector<SubsetLevel> levels;
  int64_t evaluations = 0;  ///< scores computed
  SubsetEnd end = SubsetEnd::kReached;
};

/// Called after every wave of moves with the level, the part of it that is done, and its lowest
/// score so far; returning false ends the run with the complete levels.
using SubsetProgress = std::function<bool(int level, double done, const Score& lowest)>;

/// A move draws a part of the draws anew, each with the same probability, and is undone if the
/// score leaves the level. Random numbers are Philox at (draw, chain, level and step): the result
/// depends on neither threads nor order. Throws crucible::Error(kUsage) for settings out of range.
[[nodiscard]] SubsetResult subset_simulation(const ITailProblem& problem,
                                             const SubsetSettings& settings,
                                             const SubsetProgress& progress = {});

}  // namespace crucible::chance
