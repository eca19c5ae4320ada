// random-vertex: every weight at one end of its interval, at random. The control that separates
// magnitude from direction.
#include <algorithm>
#include <cmath>

#include "host/search/methods.hpp"
#include "host/search/objective.hpp"

namespace crucible::search {

namespace {

class RandomVertex final : public ISearchMethod {
 public:
  SearchResult run(const SearchProblem& problem, double effort,
                   const Progress& progress) const override {
    Objective objective(problem);
    const int tries = std::max(1, static_cast<int>(std::lround(effort)));
    SearchResult best;
    for (int i = 0; i < tries && !best.interrupted; ++i) {
      const Point z = objective.space().random_vertex(problem.seed, static_cast<uint64_t>(i));
      const int correct = objective.count_correct(z);
      const double accuracy = static_cast<double>(correct) / objective.count();
      models::WeightDelta delta = objective.space().delta(z);
      const TracePoint point{i + 1, 0, accuracy, accuracy, objective.space().deviation(delta)};
      best.trace.push_back(point);
      if (i == 0 || accuracy < best.accuracy) {
        best.accuracy = accuracy;
        best.delta = std::move(delta);
      }
      best.interrupted = progress && !progress(point, tries) && i + 1 < tries;
    }
    return best;
  }
};

}  // namespace

std::unique_ptr<ISearchMethod> make_random_vertex() { return std::make_unique<RandomVertex>(); }

}  // namespace crucible::search
