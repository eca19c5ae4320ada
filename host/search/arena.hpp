// What every search works with: the objective, the best point so far by exact count, the trace.
#pragma once

#include "host/search/archive.hpp"
#include "host/search/objective.hpp"

namespace crucible::search {

class Arena {
 public:
  /// Counts the images classified right where no weight changes: the first best.
  explicit Arena(const SearchProblem& problem);

  [[nodiscard]] const SearchProblem& problem() const { return problem_; }
  [[nodiscard]] Objective& objective() { return objective_; }
  [[nodiscard]] const SearchSpace& space() const { return objective_.space(); }
  /// Mean |margin| where no weight changes: the unit of the losses' temperatures.
  [[nodiscard]] float unit() const { return unit_; }

  /// Offers a point with its exact count over all images; kept if it is better than the best.
  void offer(const Point& z, int correct);
  /// Forgets the best in favour of this point: for controls, which count even where they do not
  /// hurt, and where another judge than the float twin takes over.
  void restart_at(const Point& z, int correct);
  /// Counts exactly, offers, and returns the count.
  int count(const Point& z);
  /// Adds a point to the trace. accuracy: 0 .. 1; deviation as in TracePoint.
  void report(double loss, double accuracy, double deviation);

  [[nodiscard]] int correct() const { return correct_; }
  /// Whether an accuracy is low enough to end the search with.
  [[nodiscard]] bool enough(double accuracy) const { return accuracy <= problem_.until; }
  /// Whether the best is.
  [[nodiscard]] bool reached() const {
    return enough(static_cast<double>(correct_) / objective_.count());
  }
  [[nodiscard]] const Point& best() const { return best_; }
  [[nodiscard]] const std::vector<TracePoint>& trace() const { return trace_; }
  [[nodiscard]] SearchResult result(Stop stop);

  void save(OutArchive& archive) const;
  void load(InArchive& archive);

 private:
  const SearchProblem& problem_;
  Objective objective_;
  float unit_ = 1.0F;
  int correct_ = 0;
  Point best_;
  std::vector<TracePoint> trace_;
};

}  // namespace crucible::search
