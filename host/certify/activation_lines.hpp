// Linear functions of a layer's sums between which its activations lie: ReLU, requantisation with
// its rounding, and pooling. See docs/certify.md, "Linear relaxation".
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "host/certify/interval_pass.hpp"

namespace crucible::certify {

/// y - y0 >= (or <=) slope * (v - v0) + intercept for one sum v; y0 and v0 are those of the chip
/// without deviations. Slope 0: a constant.
struct Line {
  size_t sum = 0;  ///< index into the layer's sums [positions][outputs]
  double slope = 0;
  double intercept = 0;
  double reach = 0;  ///< largest |v - v0|
};

/// The lines of one layer for one image.
class ActivationLines {
 public:
  ActivationLines(const BoxedNetwork& network, size_t layer);

  /// From the intervals of the layer's sums and activations, and those of the ideal chip.
  void find(const LayerState& box, const LayerState& ideal);
  /// The line that bounds coefficient * (y - y0) from below.
  [[nodiscard]] const Line& under(size_t activation, double coefficient) const {
    return coefficient > 0 ? lower_[activation] : upper_[activation];
  }
  /// Whether some activation has a slope.
  [[nodiscard]] bool linear() const { return linear_; }

 private:
  void relax(size_t activation, std::span<const size_t> sums, int channel, const LayerState& box,
             const LayerState& ideal);

  const models::CompiledLayer& layer_;
  double ratio_;  ///< codes for one unit of a sum
  std::vector<Line> lower_, upper_;
  bool linear_ = false;
};

}  // namespace crucible::certify
