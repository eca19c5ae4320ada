// margin-ascent: projected sign steps with momentum, joint over all images, best iterate by exact
// count kept.
//
// Two losses compete, because the better one depends on the bound (docs/search.md): the margin
// clamped below, which never gives an image up and wins where nearly all images can fall, and a
// smooth count, which leaves the hopeless ones alone and wins at small bounds. Scouts climb each on
// a share of the images; the best of them by exact count goes on over shares that take turns, with
// shrinking steps. The best point by then is polished over all images with the smooth count, and
// the end is also tried snapped to vertices.
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "host/search/best_iterate.hpp"
#include "host/search/methods.hpp"

namespace crucible::search {

namespace {

constexpr int kScoutSteps = 10;
constexpr int kShareSteps = 100;
constexpr int kPolishSteps = 20;
constexpr size_t kShares = 4, kSmallestShare = 500;
constexpr size_t kScoutImages = 2500;
constexpr double kScoutBudget = 20'000;  // image gradients: small problems can afford more starts
constexpr int kMostStarts = 8;
constexpr float kMomentum = 0.75F;
constexpr double kFirstStep = 1.0, kMiddleStep = 0.5, kLastStep = 0.05,
                 kPolishStep = 0.1;  // half boxes
// Of the mean |margin| where no weight changes.
constexpr float kClamp = 0.1F;
constexpr float kSoftness = 0.2F;
constexpr float kFloor = 1e-3F;

/// From `from` to `to` along half a cosine.
double step_size(double from, double to, int step, int steps) {
  return to + (from - to) * 0.5 * (1 + std::cos(std::numbers::pi * step / std::max(1, steps)));
}

/// One climb: a point and its momentum.
class Climber {
 public:
  Climber(Objective& objective, Point start, const ImageLoss& loss)
      : objective_(objective), z_(std::move(start)), momentum_(z_), loss_(loss) {
    for_each_coordinate([](float& m) { m = 0.0F; }, momentum_);
  }

  [[nodiscard]] const Point& point() const { return z_; }
  [[nodiscard]] const ImageLoss& loss() const { return loss_; }

  /// Loss and count here over images[index]; then moves. The gradient is normalised, so that old
  /// and new steps weigh the same.
  BatchResult step(std::span<const int> index, double size) {
    const BatchResult here = objective_.evaluate(z_, index, loss_);
    double total = 0.0;
    size_t count = 0;
    for (const auto& layer : objective_.gradient()) {
      for (const float g : layer) total += std::abs(g);
      count += layer.size();
    }
    if (!(total > 0.0)) return here;
    const auto factor = static_cast<float>(static_cast<double>(count) / total);
    const auto length = static_cast<float>(size);
    for_each_coordinate(
        [&](float& at, float& m, const float& g) {
          m = kMomentum * m + factor * g;
          at = std::clamp(at + (m > 0.0F ? -length : m < 0.0F ? length : 0.0F), -1.0F, 1.0F);
        },
        z_, momentum_, objective_.gradient());
    return here;
  }

 private:
  Objective& objective_;
  Point z_, momentum_;
  const ImageLoss& loss_;
};

/// Every stride-th image from the first-th on.
std::vector<int> every(const std::vector<int>& all, size_t first, size_t stride) {
  std::vector<int> some;
  for (size_t i = first; i < all.size(); i += stride) some.push_back(all[i]);
  return some;
}

/// Sets of images that take turns, step by step.
using Turns = std::vector<std::vector<int>>;

/// kShares shares of the images; few images stay together.
Turns shares(const std::vector<int>& all) {
  if (all.size() < kShares * kSmallestShare) return {all};
  Turns turns;
  for (size_t first = 0; first < kShares; ++first) turns.push_back(every(all, first, kShares));
  return turns;
}

class MarginAscent final : public ISearchMethod {
 public:
  SearchResult run(const SearchProblem& problem, double effort,
                   const Progress& progress) const override {
    Objective objective(problem);
    const int scout_steps = std::max(1, static_cast<int>(std::lround(kScoutSteps * effort)));
    const Turns turns = shares(objective.all());
    const int share_steps = std::max(
        1, static_cast<int>(std::lround(kShareSteps * effort * (turns.size() > 1 ? 1.0 : 0.2))));
    const int polish_steps = std::max(1, static_cast<int>(std::lround(kPolishSteps * effort)));
    const std::vector<int> some =
        every(objective.all(), 0, (objective.all().size() + kScoutImages - 1) / kScoutImages);
    const double scout_cost = 2.0 * scout_steps * static_cast<double>(some.size());
    const int starts = std::clamp(static_cast<int>(kScoutBudget / scout_cost), 1, kMostStarts);
    BestIterate best(objective, progress, 2 * starts * scout_steps + share_steps + polish_steps);

    std::vector<float> margins(static_cast<size_t>(objective.count()));
    const Point origin = objective.space().origin();
    best.offer(origin, objective.count_correct(origin, margins));
    double scale = 0.0;
    for (const float margin : margins) scale += std::abs(margin);
    const float unit = std::max(static_cast<float>(scale / objective.count()), 1e-6F);
    const std::array<ImageLoss, 2> losses{clamped_margin(kClamp * unit),
                                          soft_count(kSoftness * unit, kFloor)};

    Point leader = origin;
    int fewest = objective.count() + 1;
    const ImageLoss* leading = &losses[0];
    for (int start = 0; start < starts; ++start) {
      for (const ImageLoss& loss : losses) {
        Climber scout(objective,
                      start == 0 ? origin : objective.space().random_point(problem.seed, start),
                      loss);
        if (!climb(objective, scout, {some}, scout_steps, {kFirstStep, kMiddleStep}, best))
          return std::move(best).result();
        const int correct = objective.count_correct(scout.point());
        best.offer(scout.point(), correct);
        if (correct < fewest) {
          fewest = correct;
          leader = scout.point();
          leading = &loss;
        }
      }
    }
    Climber main(objective, std::move(leader), *leading);
    if (!climb(objective, main, turns, share_steps, {kMiddleStep, kLastStep}, best))
      return std::move(best).result();
    best.offer(main.point(), objective.count_correct(main.point()));
    Climber polish(objective, best.point(), losses[1]);
    if (climb(objective, polish, {objective.all()}, polish_steps, {kPolishStep, kLastStep / 2},
              best)) {
      best.offer(polish.point(), objective.count_correct(polish.point()));
      const Point vertex = objective.space().snapped(best.point());
      best.offer(vertex, objective.count_correct(vertex));
    }
    return std::move(best).result();
  }

 private:
  struct Steps {
    double first, last;
  };

  /// False: the caller ended the search.
  static bool climb(Objective& objective, Climber& climber, const Turns& turns, int steps,
                    const Steps& sizes, BestIterate& best) {
    for (int i = 0; i < steps; ++i) {
      const std::vector<int>& index = turns[static_cast<size_t>(i) % turns.size()];
      const bool exact = index.size() == objective.all().size();
      const Point here = climber.point();
      const BatchResult result = climber.step(index, step_size(sizes.first, sizes.last, i, steps));
      const auto count = static_cast<double>(index.size());
      if (exact) best.offer(here, result.correct);
      if (!best.report(here, result.loss / count, result.correct / count)) return false;
    }
    return true;
  }
};

}  // namespace

std::unique_ptr<ISearchMethod> make_margin_ascent() { return std::make_unique<MarginAscent>(); }

}  // namespace crucible::search
