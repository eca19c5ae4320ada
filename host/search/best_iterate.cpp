#include "host/search/best_iterate.hpp"

#include <utility>

namespace crucible::search {

void BestIterate::offer(const Point& z, int correct) {
  if (!point_.empty() && correct >= correct_) return;
  point_ = z;
  correct_ = correct;
}

bool BestIterate::report(const Point& z, double loss, double accuracy) {
  const SearchSpace& space = objective_.space();
  const TracePoint point{.iteration = static_cast<int>(trace_.size()) + 1,
                         .gradient_evaluations = objective_.evaluations(),
                         .loss = loss,
                         .accuracy = accuracy,
                         .deviation = space.deviation(space.delta(z, objective_.walls()))};
  trace_.push_back(point);
  if (progress_ && !progress_(point, planned_)) interrupted_ = true;
  return !interrupted_;
}

SearchResult BestIterate::result() && {
  return {.delta = objective_.space().delta(point_),
          .trace = std::move(trace_),
          .gradient_evaluations = objective_.evaluations(),
          .accuracy = static_cast<double>(correct_) / objective_.count(),
          .interrupted = interrupted_};
}

}  // namespace crucible::search
