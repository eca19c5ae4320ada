// One climb: a loss, an optimiser, a start and a schedule, a step at a time.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "host/search/arena.hpp"
#include "host/search/optimiser/optimiser.hpp"

namespace crucible::search {

/// A loss with its temperature annealed over a climb (geometrically), in units of the mean
/// |margin|.
struct AnnealedLoss {
  std::string name;
  float first = 0.0F, last = 0.0F;
  int target = -1;

  /// The loss as registered, with its usual temperatures.
  static AnnealedLoss usual(const std::string& name, int target = -1);
  [[nodiscard]] ImageLoss at(double progress, float unit) const;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(name, first, last, target);
  }
};

/// Which images a step looks at. kShares: quarters of all images take turns.
enum class Batches { kScout, kShares, kAll };

struct ClimbPlan {
  AnnealedLoss loss;
  std::string optimiser = "sign-momentum";
  Batches batches = Batches::kAll;
  int steps = 1;
  double first = 1.0, last = 0.05;  ///< lengths of the first and the last step, half boxes
  float first_radius = 1.0F;        ///< the first half of the climb keeps to this share of the box
};

/// The images of each kind of step.
class BatchPlan {
 public:
  /// scouts: most images that a scout looks at.
  BatchPlan(const std::vector<int>& all, size_t scouts);
  [[nodiscard]] std::span<const int> images(Batches batches, int step) const;
  /// Whether there are enough images to make quarters.
  [[nodiscard]] bool has_shares() const { return shares_.size() > 1; }

 private:
  std::vector<int> all_, scout_;
  std::vector<std::vector<int>> shares_;
};

class Climb {
 public:
  Climb(ClimbPlan plan, Point start);

  /// One gradient step and one trace point. Steps over all images offer the point that they leave.
  void advance(Arena& arena, const BatchPlan& batches);
  [[nodiscard]] bool done() const { return step_ >= plan_.steps; }
  [[nodiscard]] const Point& point() const { return z_; }
  [[nodiscard]] const ClimbPlan& plan() const { return plan_; }

  void save(OutArchive& archive) const;
  void load(InArchive& archive);

 private:
  ClimbPlan plan_;
  Point z_;
  std::unique_ptr<IOptimiser> optimiser_;
  int step_ = 0;
};

}  // namespace crucible::search
