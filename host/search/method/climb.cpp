// climb: one loss, one optimiser and one kind of start, chosen separately; the parts of which the
// other methods are made, for comparisons.
#include <fmt/format.h>

#include "host/search/loss/loss.hpp"
#include "host/search/registry.hpp"
#include "host/search/start.hpp"
#include "host/search/tournament.hpp"

namespace crucible::search {

std::unique_ptr<ISearch> make_climb(Arena& arena, const SearchSettings& settings) {
  const LossEntry& loss = find_loss(settings.loss.empty() ? "clamped-margin" : settings.loss);
  const OptimiserEntry& optimiser =
      find_optimiser(settings.optimiser.empty() ? "sign-momentum" : settings.optimiser);
  const StartEntry& start = find_start(settings.start.empty() ? "zero" : settings.start);
  ClimbPlan plan;
  plan.loss = AnnealedLoss::usual(loss.name);
  plan.optimiser = optimiser.name;
  plan.steps = scaled(optimiser.steps, settings);
  if (optimiser.name == "sign-step") plan.first = 0.25;
  plan.first_radius = start.first_radius;
  std::vector<ClimbPlan> plans(1, plan);
  if (loss.targeted) {
    plans.clear();
    for (int target = 0; target < arena.problem().network.layers.back().shape.out_channels;
         ++target) {
      plan.loss.target = target;
      plans.push_back(plan);
    }
  }
  std::vector<Point> points;
  for (int i = 0; i < std::max(1, settings.restarts); ++i)
    points.push_back(start.make(arena.space(), arena.problem().seed, static_cast<uint64_t>(i)));
  const auto& all = arena.objective().all();
  return std::make_unique<Tournament>(
      arena, std::move(points), BatchPlan(all, all.size()),
      std::vector<Round>{{.branches = [plans](const Candidate&) { return plans; }}});
}

}  // namespace crucible::search
