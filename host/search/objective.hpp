// A search problem as a function of a normalised point: losses, gradients and exact counts over its
// images.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "host/base/batch_gradient.hpp"
#include "host/search/archive.hpp"
#include "host/search/problem.hpp"
#include "host/search/search_space.hpp"

namespace crucible::search {

class Objective {
 public:
  /// Throws crucible::Error(kUsage) for a problem without images or with sizes that do not fit.
  explicit Objective(const SearchProblem& problem);

  [[nodiscard]] const SearchSpace& space() const { return space_; }
  [[nodiscard]] int count() const { return batch_.count(); }
  [[nodiscard]] const std::vector<int>& all() const { return all_; }

  /// Loss summed over images[index] at z; its gradient per unit of z is in gradient() afterwards.
  BatchResult evaluate(const Point& z, std::span<const int> index, const ImageLoss& loss,
                       Walls walls = Walls::kHeld, std::span<float> margins = {});
  /// The same over all images with a device's layers in place of the twin's (straight-through).
  BatchResult evaluate_readings(const Point& z, const ImageLoss& loss,
                                const models::LayerReadings& readings);
  /// That at a change of the weights in weight LSB; the gradient is per weight LSB.
  BatchResult evaluate_readings_at(models::WeightDelta delta, const ImageLoss& loss,
                                   const models::LayerReadings& readings);
  [[nodiscard]] const Point& gradient() const { return gradient_.weights; }
  /// The change of the weights, in weight LSB, that the last of these looked at.
  [[nodiscard]] const models::WeightDelta& delta() const { return delta_; }
  /// Images of the problem that are still classified right, and their margins.
  int count_correct(const Point& z, std::span<float> margins = {});

  /// The same for a change of the weights in weight LSB; not part of the search's cost.
  [[nodiscard]] int count_correct_at(const models::WeightDelta& delta);

  /// Image gradients so far, and images that were only counted.
  [[nodiscard]] uint64_t evaluations() const { return evaluations_; }
  [[nodiscard]] uint64_t count_evaluations() const { return counted_; }

  void save(OutArchive& archive) const { archive(evaluations_, counted_); }
  void load(InArchive& archive) { archive(evaluations_, counted_); }

 private:
  [[nodiscard]] models::FloatTwin twin_at(const models::WeightDelta& delta) const;

  const models::QuantisedNetwork& network_;
  SearchSpace space_;
  BatchGradient batch_;
  models::NetworkGradient gradient_;
  models::WeightDelta delta_;
  std::vector<int> all_;
  uint64_t evaluations_ = 0, counted_ = 0;
};

}  // namespace crucible::search
