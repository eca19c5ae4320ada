// weight-pgd: the literature's baseline. Projected gradient descent (A. Madry et al., ICLR 2018) on
// weights instead of pixels, as in the robustness literature on weight perturbations: steps of the
// gradient's sign on the cross-entropy, from a random point of the box, of a fixed length. The best
// iterate by exact count is kept.
#include <algorithm>
#include <cmath>

#include "host/base/batch_gradient.hpp"
#include "host/search/best_iterate.hpp"
#include "host/search/methods.hpp"

namespace crucible::search {

namespace {

constexpr int kSteps = 20;
constexpr float kStep = 0.25F;  // of half the box; 2.5 times the way from the centre to a wall in
                                // 10 steps, as in Madry et al.

class WeightPgd final : public ISearchMethod {
 public:
  SearchResult run(const SearchProblem& problem, double effort,
                   const Progress& progress) const override {
    Objective objective(problem);
    const int steps = std::max(1, static_cast<int>(std::lround(kSteps * effort)));
    BestIterate best(objective, progress, steps);
    Point z = objective.space().random_point(problem.seed, 0);
    best.offer(objective.space().origin(), objective.count_correct(objective.space().origin()));
    for (int i = 0; i < steps; ++i) {
      const BatchResult here = objective.evaluate(z, objective.all(), cross_entropy);
      best.offer(z, here.correct);
      if (!best.report(z, here.loss / objective.count(),
                       static_cast<double>(here.correct) / objective.count()))
        break;
      for_each_coordinate(
          [](float& at, const float& slope) {
            const float step = slope > 0.0F ? kStep : slope < 0.0F ? -kStep : 0.0F;
            at = std::clamp(at + step, -1.0F, 1.0F);
          },
          z, objective.gradient());
    }
    best.offer(z, objective.count_correct(z));
    return std::move(best).result();
  }
};

}  // namespace

std::unique_ptr<ISearchMethod> make_weight_pgd() { return std::make_unique<WeightPgd>(); }

}  // namespace crucible::search
