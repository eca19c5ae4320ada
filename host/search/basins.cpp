#include "host/search/basins.hpp"

#include <algorithm>

#include "host/search/tournament.hpp"
#include "host/search/vertex_refinement.hpp"

namespace crucible::search {

namespace {

constexpr size_t kScoutImages = 1000;
constexpr int kMostStarts = 8;
// Step lengths, half boxes.
constexpr double kFirstStep = 1.0, kScoutEnd = 0.4, kHeatEnd = 0.3, kSemifinalEnd = 0.2,
                 kFinalEnd = 0.1, kLastEnd = 0.03, kPolishStep = 0.1, kPolishEnd = 0.02;
// Temperatures, of the mean |margin|.
constexpr float kSoft = 0.2F, kCool = 0.03F;

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

/// On with the loss that the survivor came with, its temperature falling to a share.
auto onward(int steps, double first, double last, float share) {
  return [=](const Candidate& from) {
    AnnealedLoss loss = from.loss;
    loss.first = loss.last;
    loss.last = share * loss.last;
    return climbs(Batches::kShares, steps, first, last, {loss});
  };
}

std::vector<AnnealedLoss> basins(int classes) {
  std::vector<AnnealedLoss> losses{AnnealedLoss::usual("clamped-margin"),
                                   AnnealedLoss::usual("soft-count")};
  for (int target = 0; target < classes; ++target)
    losses.push_back(AnnealedLoss::usual("collapse", target));
  return losses;
}

/// The origin, and as many random points and vertices as the budget of scouts allows.
std::vector<Point> starts(const Arena& arena, double cost, double budget) {
  const int count = std::clamp(static_cast<int>(budget / cost), 1, kMostStarts);
  std::vector<Point> points{arena.space().origin()};
  const uint64_t seed = arena.problem().seed;
  for (uint64_t i = 1; i < static_cast<uint64_t>(count); ++i)
    points.push_back(i % 2 == 1 ? arena.space().random_point(seed, i)
                                : arena.space().random_vertex(seed, i));
  return points;
}

std::unique_ptr<ISearch> tournament(Arena& arena, const SearchSettings& settings,
                                    const BasinPlan& plan) {
  BatchPlan batches(arena.objective().all(), kScoutImages);
  std::vector<ClimbPlan> scouts =
      climbs(Batches::kScout, scaled(plan.scout_steps, settings), kFirstStep, kScoutEnd,
             basins(arena.problem().network.layers.back().shape.out_channels));
  const double cost = static_cast<double>(scouts.size()) * scouts.front().steps *
                      static_cast<double>(batches.images(Batches::kScout, 0).size());
  std::vector<Point> points = starts(arena, cost, plan.scout_budget);
  const size_t heats = points.size() * plan.heats;

  const auto heat = [steps = scaled(plan.heat_steps, settings)](const Candidate& from) {
    const int basin = from.loss.target;
    return climbs(
        Batches::kScout, steps, kScoutEnd, kHeatEnd,
        {AnnealedLoss::usual("clamped-margin", basin), {"soft-count", kSoft, kSoft, basin}});
  };
  const auto polish = [steps = scaled(plan.polish_steps, settings)](const Candidate&) {
    return climbs(Batches::kAll, steps, kPolishStep, kPolishEnd,
                  {{"clamped-margin", kCool, kCool}, {"soft-count", kCool, kCool}});
  };
  const int semifinal = scaled(plan.semifinal_steps, settings);
  const int final = scaled(plan.final_steps, settings);
  const int last = scaled(plan.last_steps, settings);
  return std::make_unique<Tournament>(
      arena, std::move(points), std::move(batches),
      std::vector<Round>{
          {.branches = [scouts](const Candidate&) { return std::vector<ClimbPlan>(scouts); },
           .keep = heats},
          {.branches = heat, .keep = plan.semifinal, .distinct = true},
          {.branches = onward(semifinal, kHeatEnd, kSemifinalEnd, 1.0F), .keep = plan.final},
          {.branches = onward(final, kSemifinalEnd, kFinalEnd, 0.7F), .keep = 1},
          {.branches = onward(last, kFinalEnd, kLastEnd, 0.5F), .keep = 1},
          {.branches = polish, .keep = 1, .from_best = true}});
}

}  // namespace

std::vector<std::unique_ptr<ISearch>> basin_stages(Arena& arena, const SearchSettings& settings,
                                                   const BasinPlan& plan, int trials) {
  std::vector<std::unique_ptr<ISearch>> stages;
  stages.push_back(tournament(arena, settings, plan));
  stages.push_back(std::make_unique<VertexRefinement>(arena, trials));
  return stages;
}

}  // namespace crucible::search
