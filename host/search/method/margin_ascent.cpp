// margin-ascent: projected sign steps with momentum, joint over all images, best iterate by exact
// count kept.
//
// Two losses compete, because the better one depends on the bound (docs/search.md): the margin
// clamped below, which never gives an image up and wins where nearly all images can fall, and a
// smooth count, which leaves the hopeless ones alone and wins at small bounds. Scouts climb each on
// a share of the images; the best of them by exact count goes on over shares that take turns, with
// shrinking steps. The best point by then is polished over all images with a cooler loss, and the
// end is also tried snapped to vertices.
#include <algorithm>

#include "host/search/registry.hpp"
#include "host/search/stages.hpp"
#include "host/search/tournament.hpp"
#include "host/search/vertex_refinement.hpp"

namespace crucible::search {

namespace {

constexpr int kScoutSteps = 10, kShareSteps = 100, kPolishSteps = 10;
constexpr size_t kScoutImages = 2500;
constexpr double kScoutBudget = 20'000;  // image gradients: small problems can afford more starts
constexpr int kMostStarts = 8;
constexpr double kFirstStep = 1.0, kMiddleStep = 0.5, kLastStep = 0.05, kPolishStep = 0.1;
constexpr float kSoftness = 0.2F, kCool = 0.2F;  // of the mean |margin|; of the loss's temperature
constexpr int kSnap = 2;                         // exact counts: the best point, and its vertex

}  // namespace

std::unique_ptr<ISearch> make_margin_ascent(Arena& arena, const SearchSettings& settings) {
  const int scout_steps = scaled(kScoutSteps, settings);
  const auto& all = arena.objective().all();
  BatchPlan batches(all, kScoutImages);
  const double scout_cost =
      2.0 * scout_steps * static_cast<double>(batches.images(Batches::kScout, 0).size());
  const int starts = std::clamp(static_cast<int>(kScoutBudget / scout_cost), 1, kMostStarts);
  const int share_steps =
      std::max(1, scaled(kShareSteps, settings) / (batches.has_shares() ? 1 : 5));
  const int polish_steps = scaled(kPolishSteps, settings);

  std::vector<Point> points{arena.space().origin()};
  for (int i = 1; i < starts; ++i)
    points.push_back(arena.space().random_point(arena.problem().seed, static_cast<uint64_t>(i)));
  const auto scout = [scout_steps](const Candidate&) {
    ClimbPlan plan{.loss = AnnealedLoss::usual("clamped-margin"),
                   .batches = Batches::kScout,
                   .steps = scout_steps,
                   .first = kFirstStep,
                   .last = kMiddleStep};
    ClimbPlan soft = plan;
    soft.loss = {.name = "soft-count", .first = kSoftness, .last = kSoftness};
    return std::vector{plan, soft};
  };
  const auto shares = [share_steps](const Candidate& from) {
    return std::vector{ClimbPlan{.loss = from.loss,
                                 .batches = Batches::kShares,
                                 .steps = share_steps,
                                 .first = kMiddleStep,
                                 .last = kLastStep}};
  };
  const auto polish = [polish_steps](const Candidate& from) {
    AnnealedLoss cool = from.loss;
    cool.first = cool.last = kCool * cool.last;
    return std::vector{ClimbPlan{.loss = cool,
                                 .batches = Batches::kAll,
                                 .steps = polish_steps,
                                 .first = kPolishStep,
                                 .last = kLastStep / 2}};
  };
  std::vector<std::unique_ptr<ISearch>> stages;
  stages.push_back(std::make_unique<Tournament>(
      arena, std::move(points), std::move(batches),
      std::vector<Round>{
          {.branches = scout}, {.branches = shares}, {.branches = polish, .from_best = true}}));
  stages.push_back(std::make_unique<VertexRefinement>(arena, kSnap));
  return std::make_unique<Stages>(std::move(stages));
}

}  // namespace crucible::search
