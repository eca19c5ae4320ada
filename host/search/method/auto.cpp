// auto: a tournament over basins. A network collapses in as many ways as it has classes: all images
// onto one class (and those of that class onto another). Which collapse goes furthest depends on
// the network, and a climb hardly ever changes from one to another. So scouts drive the images onto
// each class, beside the losses without a target; all are counted exactly; the survivors climb on
// with the clamped margin and with the smooth count; the best is polished, and refined move by
// move.
#include <algorithm>

#include "host/search/registry.hpp"
#include "host/search/stages.hpp"
#include "host/search/tournament.hpp"
#include "host/search/vertex_refinement.hpp"

namespace crucible::search {

namespace {

constexpr int kScoutSteps = 15, kHeatSteps = 8, kSemifinalSteps = 20, kFinalSteps = 60,
              kLastSteps = 100, kPolishSteps = 10;
constexpr size_t kScoutImages = 1000;
constexpr size_t kSemifinal = 4, kFinal = 2;  // survivors of the heats, and of the semifinal
constexpr int kTrials = 40;                   // exact counts of the refinement
// Step lengths, half boxes.
constexpr double kFirstStep = 1.0, kScoutEnd = 0.4, kHeatEnd = 0.3, kSemifinalEnd = 0.2,
                 kFinalEnd = 0.1, kLastEnd = 0.03, kPolishStep = 0.1, kPolishEnd = 0.02;
constexpr float kCool = 0.03F;  // of the mean |margin|, at the polish
// Small problems can afford more: image gradients of all scouts, exact counts in images.
constexpr double kScoutBudget = 100'000, kTrialBudget = 400'000;
constexpr int kMostStarts = 8;

/// One climb for each loss.
std::vector<ClimbPlan> climbs(Batches batches, int steps, double first, double last,
                              const std::vector<AnnealedLoss>& losses) {
  std::vector<ClimbPlan> plans;
  for (const AnnealedLoss& loss : losses) {
    ClimbPlan& plan = plans.emplace_back();
    plan.loss = loss;
    plan.batches = batches;
    plan.steps = steps;
    plan.first = first;
    plan.last = last;
  }
  return plans;
}

}  // namespace

std::unique_ptr<ISearch> make_auto(Arena& arena, const SearchSettings& settings) {
  const auto& all = arena.objective().all();
  const int classes = arena.problem().network.layers.back().shape.out_channels;
  BatchPlan batches(all, kScoutImages);

  std::vector<AnnealedLoss> basins{AnnealedLoss::usual("clamped-margin"),
                                   AnnealedLoss::usual("soft-count")};
  for (int target = 0; target < classes; ++target)
    basins.push_back(AnnealedLoss::usual("collapse", target));
  const std::vector<ClimbPlan> scouts =
      climbs(Batches::kScout, scaled(kScoutSteps, settings), kFirstStep, kScoutEnd, basins);
  const double cost = static_cast<double>(scouts.size()) * scouts.front().steps *
                      static_cast<double>(batches.images(Batches::kScout, 0).size());
  const int starts = std::clamp(static_cast<int>(kScoutBudget / cost), 1, kMostStarts);
  std::vector<Point> points{arena.space().origin()};
  for (int i = 1; i < starts; ++i) {
    const auto stream = static_cast<uint64_t>(i);
    points.push_back(i % 2 == 1 ? arena.space().random_point(arena.problem().seed, stream)
                                : arena.space().random_vertex(arena.problem().seed, stream));
  }

  const size_t everyone = points.size() * scouts.size();
  const auto heat = [steps = scaled(kHeatSteps, settings)](const Candidate& from) {
    const int basin = from.loss.target;
    return climbs(
        Batches::kScout, steps, kScoutEnd, kHeatEnd,
        {AnnealedLoss::usual("clamped-margin", basin), {"soft-count", 0.2F, 0.2F, basin}});
  };
  /// On with the loss that the survivor came with, its temperature falling to a share.
  const auto onward = [&](int planned, double first, double last, float share) {
    return [steps = scaled(planned, settings), first, last, share](const Candidate& from) {
      AnnealedLoss loss = from.loss;
      loss.first = loss.last;
      loss.last = share * loss.last;
      return climbs(Batches::kShares, steps, first, last, {loss});
    };
  };
  const auto polish = [steps = scaled(kPolishSteps, settings)](const Candidate&) {
    return climbs(Batches::kAll, steps, kPolishStep, kPolishEnd,
                  {{"clamped-margin", kCool, kCool}, {"soft-count", kCool, kCool}});
  };
  const int trials = std::max(scaled(kTrials, settings),
                              static_cast<int>(kTrialBudget / static_cast<double>(all.size())));
  std::vector<std::unique_ptr<ISearch>> stages;
  stages.push_back(std::make_unique<Tournament>(
      arena, std::move(points), std::move(batches),
      std::vector<Round>{
          {.branches = [scouts](const Candidate&) { return scouts; }, .keep = everyone},
          {.branches = heat, .keep = kSemifinal, .distinct = true},
          {.branches = onward(kSemifinalSteps, kHeatEnd, kSemifinalEnd, 1.0F), .keep = kFinal},
          {.branches = onward(kFinalSteps, kSemifinalEnd, kFinalEnd, 0.7F), .keep = 1},
          {.branches = onward(kLastSteps, kFinalEnd, kLastEnd, 0.5F), .keep = 1},
          {.branches = polish, .keep = 1, .from_best = true}}));
  stages.push_back(std::make_unique<VertexRefinement>(arena, trials));
  return std::make_unique<Stages>(std::move(stages));
}

}  // namespace crucible::search
