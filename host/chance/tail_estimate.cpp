#include "host/chance/tail_estimate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <limits>

#include "models/error.hpp"

namespace crucible::chance {
namespace {

/// q of 1e-4 and a level of probability 0.1^4 shall meet.
constexpr double kLastBit = 1e-9;

struct Part {
  double part = 0;        ///< of the level's members at or below the score
  double cv_squared = 0;  ///< infinite where the part is 0
};

/// After Au and Beck (2001): members of a chain are correlated, chains are not.
Part part_below(const SubsetSettings& settings, const SubsetLevel& level, const Score& score) {
  const auto chains = static_cast<size_t>(settings.chains);
  const auto length = static_cast<size_t>(settings.chain_length);
  const auto n = static_cast<double>(level.scores.size());
  const auto inside = [&](size_t i) { return level.scores[i] <= score; };
  size_t hits = 0;
  for (size_t i = 0; i < level.scores.size(); ++i) hits += inside(i) ? 1 : 0;
  const double p = static_cast<double>(hits) / n;
  if (hits == 0) return {0, std::numeric_limits<double>::infinity()};
  const double variance = p * (1 - p);
  double gamma = 0;
  for (size_t lag = 1; lag < length && level.threshold && variance > 0; ++lag) {
    size_t both = 0;
    for (size_t chain = 0; chain < chains; ++chain) {
      for (size_t s = 0; s + lag < length; ++s) {
        const size_t i = chain * length + s;
        both += inside(i) && inside(i + lag) ? 1 : 0;
      }
    }
    const double pairs = n - static_cast<double>(lag * chains);
    const double correlation = (static_cast<double>(both) / pairs - p * p) / variance;
    gamma += 2 * (1 - static_cast<double>(lag) / static_cast<double>(length)) * correlation;
  }
  return {p, std::max(0.0, (1 - p) / (p * n) * (1 + gamma))};
}

/// cv of the probabilities of all levels down to `level`.
struct Chain {
  double squares = 0, sum = 0;
};

Chain cv_of_level(const SubsetResult& result, size_t level) {
  Chain chain;
  for (size_t l = 0; l < level; ++l) {
    const double squared =
        part_below(result.settings, result.levels[l], *result.levels[l + 1].threshold).cv_squared;
    chain.squares += squared;
    chain.sum += std::sqrt(squared);
  }
  return chain;
}

TailProbability at_score(const SubsetResult& result, const Score& score) {
  size_t level = 0;
  while (level + 1 < result.levels.size() && score <= *result.levels[level + 1].threshold) ++level;
  const Part part = part_below(result.settings, result.levels[level], score);
  const Chain chain = cv_of_level(result, level);
  return {result.levels[level].probability * part.part, std::sqrt(chain.squares + part.cv_squared),
          chain.sum + std::sqrt(part.cv_squared), static_cast<int>(level)};
}

/// Score of the member at which the estimated distribution function passes q; none where it lies
/// below all members.
std::optional<Score> score_at(const SubsetResult& result, double q) {
  size_t level = 0;
  while (level + 1 < result.levels.size() &&
         q <= result.levels[level + 1].probability * (1 + kLastBit)) {
    ++level;
  }
  std::vector<Score> sorted = result.levels[level].scores;
  std::sort(sorted.begin(), sorted.end());
  const double position =
      q / result.levels[level].probability * static_cast<double>(sorted.size()) * (1 - kLastBit);
  if (position < 1 - 2 * kLastBit) return std::nullopt;
  const auto rank = std::min(static_cast<size_t>(std::ceil(position)), sorted.size());
  return sorted[rank - 1];
}

void check_levels(const SubsetResult& result) {
  if (!result.levels.empty()) return;
  throw Error(ErrorKind::kUsage,
              "subset simulation: it ended before its first level was complete; let it run longer");
}

}  // namespace

TailProbability tail_probability(const SubsetResult& result, int64_t value) {
  check_levels(result);
  return at_score(result, {value, std::numeric_limits<int64_t>::max()});
}

TailQuantile tail_quantile(const SubsetResult& result, double q, double confidence) {
  check_levels(result);
  if (!(q > 0 && q < 1) || !(confidence > 0 && confidence < 1)) {
    throw Error(ErrorKind::kUsage,
                fmt::format("subset simulation: quantile {} with confidence {}; both must lie "
                            "between 0 and 1, both excluded",
                            q, confidence));
  }
  TailQuantile result_at{.q = q, .value = {}, .lo = {}, .hi = {}};
  const auto value_at = [&](double at) -> std::optional<int64_t> {
    const auto score = score_at(result, at);
    return score ? std::optional(score->value) : std::nullopt;
  };
  const auto score = score_at(result, q);
  if (!score) return result_at;
  result_at.value = score->value;
  result_at.cv = at_score(result, *score).cv;
  const double z = boost::math::quantile(boost::math::normal(), 1 - (1 - confidence) / 2);
  const double factor = std::exp(z * std::sqrt(std::log1p(result_at.cv * result_at.cv)));
  result_at.lo = value_at(q / factor);
  if (q * factor < 1) result_at.hi = value_at(q * factor);
  return result_at;
}

}  // namespace crucible::chance
