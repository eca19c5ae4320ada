// One fully connected layer of the float twin (Eigen). Private to models/float_twin; Eigen stays
// inside the .cpp, for its code depends on the flags.
#pragma once

#include <span>
#include <vector>

#include "models/network/network.hpp"

namespace crucible::models {

/// All matrices are [features][stride], image i in column i: consecutive images lie next to each
/// other.
class DenseLayer {
 public:
  /// weights: [outputs][inputs]; u = sum * scale + offset[output]. `last`: the outputs are u
  /// itself.
  DenseLayer(int inputs, int outputs, std::span<const float> weights, float scale,
             std::vector<float> offset, bool codes, bool last);

  [[nodiscard]] int inputs() const { return inputs_; }
  [[nodiscard]] int outputs() const { return outputs_; }

  /// x: [inputs][stride]; u and y: [outputs][stride]; y may be null for the last layer.
  void forward(const float* x, int stride, float* u, float* y) const;

  /// out_gradient: [outputs][stride], dLoss / dy on entry, dLoss / dsum on return. Adds to
  /// weight_gradient [outputs][inputs]; in_gradient [inputs][stride] is overwritten, or null where
  /// nobody needs it.
  void backward(const float* x, const float* u, int stride, float* out_gradient,
                std::span<float> weight_gradient, float* in_gradient) const;

  [[nodiscard]] float scale() const { return scale_; }

 private:
  int inputs_, outputs_;
  std::vector<float> weights_;
  float scale_;
  std::vector<float> offset_;
  bool codes_, last_;
};

}  // namespace crucible::models
