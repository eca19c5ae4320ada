// Keeps the best point of a search by the exact count, its trace, and whether the caller wants to
// go on.
#pragma once

#include "host/search/objective.hpp"

namespace crucible::search {

class BestIterate {
 public:
  BestIterate(const Objective& objective, const Progress& progress, int planned_iterations)
      : objective_(objective), progress_(progress), planned_(planned_iterations) {}

  /// Offers a point with its exact count over all images; kept if it is better than the best.
  void offer(const Point& z, int correct);
  /// Adds a trace point and reports it. False: the caller wants to end.
  bool report(const Point& z, double loss, double accuracy);

  [[nodiscard]] int correct() const { return correct_; }
  [[nodiscard]] const Point& point() const { return point_; }
  [[nodiscard]] bool interrupted() const { return interrupted_; }
  [[nodiscard]] SearchResult result() &&;

 private:
  const Objective& objective_;
  const Progress& progress_;
  int planned_;
  int correct_ = 0;
  Point point_;
  std::vector<TracePoint> trace_;
  bool interrupted_ = false;
};

}  // namespace crucible::search
