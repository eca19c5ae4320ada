// weight-pgd: the literature's baseline. Projected gradient descent (A. Madry et al., ICLR 2018) on
// weights instead of pixels, as in the robustness literature on weight perturbations: steps of the
// gradient's sign on the cross-entropy, from a random point of the box, of a fixed length. The best
// iterate by exact count is kept.
#include "host/search/registry.hpp"
#include "host/search/tournament.hpp"

namespace crucible::search {

namespace {

constexpr int kSteps = 20;
// Of half the box; 2.5 times the way from the centre to a wall in 10 steps, as in Madry et al.
constexpr double kStep = 0.25;

}  // namespace

std::unique_ptr<ISearch> make_weight_pgd(Arena& arena, const SearchSettings& settings) {
  const ClimbPlan plan{.loss = AnnealedLoss::usual("cross-entropy"),
                       .optimiser = "sign-step",
                       .batches = Batches::kAll,
                       .steps = scaled(kSteps, settings),
                       .first = kStep};
  const auto& all = arena.objective().all();
  return std::make_unique<Tournament>(
      arena, std::vector<Point>{arena.space().random_point(arena.problem().seed, 0)},
      BatchPlan(all, all.size()),
      std::vector<Round>{{.branches = [plan](const Candidate&) { return std::vector{plan}; }}});
}

}  // namespace crucible::search
