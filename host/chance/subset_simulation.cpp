#include "host/chance/subset_simulation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <memory>

#include "host/base/parallel.hpp"
#include "host/base/workers.hpp"
#include "models/error.hpp"
#include "models/variation/philox.hpp"

namespace crucible::chance {
namespace {

using Draws = std::vector<int16_t>;

constexpr int kMostChains = 1'000'000, kLongestChain = 1000, kMostLevels = 60;
/// What is asked for lies well inside a level if at least this part of the level is below it.
constexpr double kWellInside = 0.05;
/// Acceptance at which chains of random walk forget fastest (I. Papaioannou,
/// W. Betz, K. Zwirglmaier, D. Straub, Probabilistic Engineering Mechanics 41 (2015) 89-103).
constexpr double kWantedAcceptance = 0.44;
/// Parts to refresh are multiples of this: the last bit of a C library's functions does not matter.
constexpr double kPartUnit = 4096;

struct Member {
  Score score;
  std::shared_ptr<const Draws> draws;  ///< kept only while it may start a chain of the next level
};

void check(const SubsetSettings& s) {
  const auto fail = [](const std::string& what) {
    throw Error(ErrorKind::kUsage, "subset simulation: " + what);
  };
  if (s.chains < 2 || s.chains > kMostChains) {
    fail(fmt::format("{} chains; it must be 2 .. {}", s.chains, kMostChains));
  }
  if (s.chain_length < 2 || s.chain_length > kLongestChain) {
    fail(fmt::format("chains of length {}; it must be 2 .. {}", s.chain_length, kLongestChain));
  }
  if (s.most_levels < 0 || s.most_levels > kMostLevels) {
    fail(fmt::format("{} levels; it must be 0 .. {}", s.most_levels, kMostLevels));
  }
  if (!(s.smallest > 0 && s.smallest < 1)) {
    fail(fmt::format("smallest probability {}; it must lie between 0 and 1, both excluded",
                     s.smallest));
  }
}

/// The part of the draws to refresh with which a linear score, Gaussian in many draws, would be
/// accepted with about kWantedAcceptance: 1 / (1 + b^2), b the level's Gaussian quantile.
double linear_refresh(double probability) {
  const double b = -boost::math::quantile(boost::math::normal(), std::min(probability, 0.5));
  return 1.0 / (1.0 + b * b);
}

class Walk {
 public:
  Walk(const ITailProblem& problem, const SubsetSettings& settings, const SubsetProgress& progress)
      : problem_(problem),
        progress_(progress),
        threads_(thread_count(settings.threads, settings.workers)),
        members_(static_cast<size_t>(settings.level_size())) {
    result_.settings = settings;
  }

  SubsetResult run() {
    SubsetLevel level;
    bool going = first_level();
    while (going) {
      finish(level);
      const auto next = next_level();
      if (!next) return std::move(result_);
      level = *next;
      going = conditional_level(level);
    }
    result_.end = SubsetEnd::kInterrupted;
    return std::move(result_);
  }

 private:
  [[nodiscard]] size_t chains() const { return static_cast<size_t>(result_.settings.chains); }
  [[nodiscard]] size_t length() const { return static_cast<size_t>(result_.settings.chain_length); }

  using Proposals = std::function<std::shared_ptr<Draws>(size_t chain)>;
  using Take = std::function<void(size_t chain, std::shared_ptr<Draws> draws, Score score)>;

  /// One move of each chain, side by side. Every worker makes all proposals, which is cheap, and
  /// scores its share. Keeps only the draws that may still start a chain, and returns whether to go
  /// on.
  bool wave(size_t step, const Proposals& proposal, const Take& take) {
    IWorkers* workers = result_.settings.workers;
    const Share mine = share_of(chains(), workers);
    std::vector<std::shared_ptr<Draws>> proposals(chains());
    std::vector<Score> scores(chains());
    parallel_shards(chains(), threads_, [&](size_t chain, int) {
      proposals[chain] = proposal(chain);
      if (chain >= mine.first && chain < mine.last)
        scores[chain] = problem_.score(*proposals[chain]);
    });
    gather_units(workers, std::span(scores), chains());
    for (size_t chain = 0; chain < chains(); ++chain)
      take(chain, std::move(proposals[chain]), scores[chain]);
    result_.evaluations += static_cast<int64_t>(chains());
    std::vector<size_t> order = done(step);
    std::nth_element(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(chains() - 1),
                     order.end(), [this](size_t a, size_t b) { return before(a, b); });
    for (size_t i = chains(); i < order.size(); ++i) {
      if (order[i] % length() != step) members_[order[i]].draws.reset();  // its chain has moved on
    }
    const auto lowest = *std::min_element(order.begin(), order.end(),
                                          [this](size_t a, size_t b) { return before(a, b); });
    const bool stop =
        progress_ && !progress_(static_cast<int>(result_.levels.size()),
                                static_cast<double>(step + 1) / static_cast<double>(length()),
                                members_[lowest].score);
    return largest(workers, stop ? 1 : 0) == 0;
  }

  /// Members that exist after `step`: [chain][0 .. step].
  [[nodiscard]] std::vector<size_t> done(size_t step) const {
    std::vector<size_t> order;
    for (size_t chain = 0; chain < chains(); ++chain) {
      for (size_t s = 0; s <= step; ++s) order.push_back(chain * length() + s);
    }
    return order;
  }
  /// A total order: by score, then by place.
  [[nodiscard]] bool before(size_t a, size_t b) const {
    return members_[a].score != members_[b].score ? members_[a].score < members_[b].score : a < b;
  }

  bool first_level() {
    for (size_t step = 0; step < length(); ++step) {
      const auto place = [&](size_t chain) { return chain * length() + step; };
      const bool go_on = wave(
          step,
          [&](size_t chain) {
            auto draws = std::make_shared<Draws>(problem_.draws());
            problem_.sample(result_.settings.seed + place(chain), *draws);
            return draws;
          },
          [&](size_t chain, std::shared_ptr<Draws> draws, Score score) {
            members_[place(chain)] = {score, std::move(draws)};
          });
      if (!go_on) return false;
    }
    return true;
  }

  void finish(SubsetLevel level) {
    for (const Member& member : members_) level.scores.push_back(member.score);
    result_.levels.push_back(std::move(level));
  }

  /// The level below the one just finished, or none, with the reason in the result.
  std::optional<SubsetLevel> next_level() {
    const SubsetLevel& last = result_.levels.back();
    const SubsetSettings& settings = result_.settings;
    const auto part = [&](const auto& inside) {
      return static_cast<double>(std::count_if(last.scores.begin(), last.scores.end(), inside)) /
             static_cast<double>(last.scores.size());
    };
    std::vector<size_t> order = done(length() - 1);
    std::sort(order.begin(), order.end(), [this](size_t a, size_t b) { return before(a, b); });
    SubsetLevel next;
    next.threshold = members_[order[chains() - 1]].score;
    const double inside = part([&](const Score& score) { return score <= *next.threshold; });
    next.probability = last.probability * inside;
    const bool reached = settings.smallest >= kWellInside * last.probability &&
                         (!settings.reach || part([&](const Score& s) {
                                               return s.value <= *settings.reach;
                                             }) >= kWellInside);
    result_.end = reached        ? SubsetEnd::kReached
                  : inside > 0.5 ? SubsetEnd::kBottom
                                 : SubsetEnd::kMostLevels;
    if (reached || inside > 0.5 || static_cast<int>(result_.levels.size()) > settings.most_levels) {
      return std::nullopt;
    }
    // The acceptance of the last level corrects the step of the next; within a level it is fixed,
    // so that the moves are reversible.
    if (last.threshold) {
      correction_ *= std::clamp(last.accepted / kWantedAcceptance, 0.5, 2.0);
    }
    const double wanted = correction_ * linear_refresh(next.probability);
    next.refreshed = std::clamp(std::round(wanted * kPartUnit), 1.0, kPartUnit) / kPartUnit;
    std::vector<Member> starts;
    for (size_t chain = 0; chain < chains(); ++chain) starts.push_back(members_[order[chain]]);
    std::fill(members_.begin(), members_.end(), Member{});
    for (size_t chain = 0; chain < chains(); ++chain) {
      members_[chain * length()] = std::move(starts[chain]);
    }
    return next;
  }

  bool conditional_level(SubsetLevel& level) {
    std::vector<uint8_t> accepted(chains());
    size_t stayed = 0;
    for (size_t step = 1; step < length(); ++step) {
      const auto place = [&](size_t chain) { return chain * length() + step; };
      const bool go_on = wave(
          step,
          [&](size_t chain) {
            return propose(level, chain, step, *members_[place(chain) - 1].draws);
          },
          [&](size_t chain, std::shared_ptr<Draws> draws, Score score) {
            accepted[chain] = score <= *level.threshold ? 1 : 0;
            members_[place(chain)] =
                accepted[chain] != 0 ? Member{score, std::move(draws)} : members_[place(chain) - 1];
          });
      stayed += static_cast<size_t>(std::count(accepted.begin(), accepted.end(), 1));
      if (!go_on) return false;
    }
    level.accepted = static_cast<double>(stayed) / static_cast<double>(chains() * (length() - 1));
    return true;
  }

  [[nodiscard]] std::shared_ptr<Draws> propose(const SubsetLevel& level, size_t chain, size_t step,
                                               const Draws& from) const {
    auto draws = std::make_shared<Draws>(from);
    const uint64_t seed = result_.settings.seed;
    // Random chips have 0 as the counter's last word; moves never do.
    const auto move = static_cast<uint32_t>(result_.levels.size() << 16 | step);
    const auto below = static_cast<uint64_t>(level.refreshed * 0x1p32);
    for (size_t i = 0; i < draws->size(); ++i) {
      const models::PhiloxCounter words =
          models::philox({static_cast<uint32_t>(i), static_cast<uint32_t>(i >> 32),
                          static_cast<uint32_t>(chain), move},
                         {static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32)});
      if (words[2] >= below) continue;
      (*draws)[i] = problem_.draw(i, uint64_t{words[0]} << 32 | words[1]);
    }
    return draws;
  }

  const ITailProblem& problem_;
  const SubsetProgress& progress_;
  int threads_;
  std::vector<Member> members_;  ///< [chain][chain_length] of the level under way
  double correction_ = 1;
  SubsetResult result_;
};

}  // namespace

SubsetResult subset_simulation(const ITailProblem& problem, const SubsetSettings& settings,
                               const SubsetProgress& progress) {
  check(settings);
  return Walk(problem, settings, progress).run();
}

}  // namespace crucible::chance
