// A weight box in normalised coordinates: z = -1 .. 1 per weight spans its interval, whatever its
// width and centre.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "models/variation/weight_box.hpp"

namespace crucible::search {

/// Changes of all weights in units of half the box, [layer][weight].
using Point = models::WeightDelta;

/// Whether a point outside the box is moved to its wall. kOpen is for methods that meet the bound
/// by a penalty: walls as far out as the layer's farthest (the bound) are open, nearer ones (rails)
/// still hold.
enum class Walls { kHeld, kOpen };

class SearchSpace {
 public:
  /// Borrows the box. Throws crucible::Error(kUsage) where its shape is not the network's, or an
  /// interval is empty or leaves out 0.
  SearchSpace(const models::QuantisedNetwork& network, const models::WeightBox& box);

  [[nodiscard]] Point origin() const;  ///< where no weight changes; 0 in a symmetric box
  [[nodiscard]] Point random_vertex(uint64_t seed, uint64_t stream) const;
  [[nodiscard]] Point random_point(uint64_t seed, uint64_t stream) const;  ///< uniform over the box
  [[nodiscard]] Point snapped(
      const Point& z) const;  ///< the nearest vertex; a coordinate of 0 stays
  /// Inside the box to the last bit, unless the walls are open.
  [[nodiscard]] models::WeightDelta delta(const Point& z, Walls walls = Walls::kHeld) const;
  /// The nearest changes that offsets can realise: multiples of the grid's LSB, inside the box.
  [[nodiscard]] models::WeightDelta on_grid(models::WeightDelta delta) const;

  /// A gradient per weight LSB becomes one per unit of z, in place.
  void scale_gradient(models::WeightDelta& gradient) const;
  /// Largest |delta| as a share of the farthest wall of its layer.
  [[nodiscard]] double deviation(const models::WeightDelta& delta) const;
  /// The farthest wall of a layer in units of its largest weight: the literature's bound.
  [[nodiscard]] double fraction(size_t layer) const { return fraction_[layer]; }

 private:
  const models::WeightBox& box_;
  models::WeightDelta centre_, half_;
  std::vector<float> farthest_;  // wall of each layer
  std::vector<double> fraction_;
};

/// Calls f for each coordinate of equally shaped points.
template <class F, class First, class... Rest>
void for_each_coordinate(const F& f, First& first, Rest&... rest) {
  for (size_t l = 0; l < first.size(); ++l)
    for (size_t i = 0; i < first[l].size(); ++i) f(first[l][i], rest[l][i]...);
}

}  // namespace crucible::search
