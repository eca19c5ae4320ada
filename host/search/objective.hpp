// A search problem as a function of a normalised point: losses, gradients and exact counts over its
// images.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "host/base/batch_gradient.hpp"
#include "host/search/i_search_method.hpp"
#include "host/search/search_space.hpp"

namespace crucible::search {

class Objective {
 public:
  /// Throws crucible::Error(kUsage) for a problem without images or with sizes that do not fit.
  explicit Objective(const SearchProblem& problem, Walls walls = Walls::kHeld);

  [[nodiscard]] const SearchSpace& space() const { return space_; }
  [[nodiscard]] Walls walls() const { return walls_; }
  [[nodiscard]] int count() const { return batch_.count(); }
  [[nodiscard]] const std::vector<int>& all() const { return all_; }

  /// Loss summed over images[index] at z; its gradient per unit of z is in gradient() afterwards.
  BatchResult evaluate(const Point& z, std::span<const int> index, const ImageLoss& loss,
                       std::span<float> margins = {});
  [[nodiscard]] const Point& gradient() const { return gradient_.weights; }
  /// Images of the problem that are still classified right, and their margins.
  int count_correct(const Point& z, std::span<float> margins = {});

  /// Image gradients so far.
  [[nodiscard]] uint64_t evaluations() const { return evaluations_; }

 private:
  const models::QuantisedNetwork& network_;
  SearchSpace space_;
  Walls walls_;
  BatchGradient batch_;
  models::NetworkGradient gradient_;
  std::vector<int> all_;
  uint64_t evaluations_ = 0;
};

/// max(margin, -kappa) per image; no slope at and below -kappa.
[[nodiscard]] ImageLoss clamped_margin(float kappa);

/// Smooth count of images classified right: sigmoid(margin / softness) per image. Images far on
/// either side of the boundary have little say: those lost stay lost, and those out of reach do not
/// pull the others back. An image still right keeps at least `floor` of the steepest slope.
[[nodiscard]] ImageLoss soft_count(float softness, float floor);

}  // namespace crucible::search
