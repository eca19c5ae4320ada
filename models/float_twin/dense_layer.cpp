#include "models/float_twin/dense_layer.hpp"

#include <Eigen/Core>
#include <cmath>

namespace crucible::models {

namespace {

using Matrix = Eigen::Map<Eigen::MatrixXf>;
using ConstMatrix = Eigen::Map<const Eigen::MatrixXf>;

}  // namespace

DenseLayer::DenseLayer(int inputs, int outputs, std::span<const float> weights, float scale,
                       std::vector<float> offset, bool codes, bool last)
    : inputs_(inputs),
      outputs_(outputs),
      weights_(weights.begin(), weights.end()),
      scale_(scale),
      offset_(std::move(offset)),
      codes_(codes),
      last_(last) {}

// Row-major [features][stride] is column-major [stride][features]: images are Eigen's rows.
void DenseLayer::forward(const float* x, int stride, float* u, float* y) const {
  const ConstMatrix in(x, stride, inputs_);
  const ConstMatrix weights(weights_.data(), inputs_, outputs_);
  Matrix sums(u, stride, outputs_);
  sums.noalias() = in * weights;
  for (int o = 0; o < outputs_; ++o) {
    float* row = u + size_t{1} * o * stride;
    for (int i = 0; i < stride; ++i) row[i] = row[i] * scale_ + offset_[o];
    if (last_) continue;
    float* out = y + size_t{1} * o * stride;
    if (codes_) {  // halves up, as the hardware's requantisation does; lround has no vector form
      for (int i = 0; i < stride; ++i) {
        const float low = row[i] < 0.0F ? 0.0F : row[i];
        const float clamped = low > 255.0F ? 255.0F : low;
        // NOLINTNEXTLINE(bugprone-incorrect-roundings)
        out[i] = static_cast<float>(static_cast<int>(clamped + 0.5F));
      }
    } else {
      for (int i = 0; i < stride; ++i) out[i] = row[i] > 0.0F ? row[i] : 0.0F;
    }
  }
}

void DenseLayer::backward(const float* x, const float* u, int stride, float* out_gradient,
                          std::span<float> weight_gradient, float* in_gradient) const {
  const float upper = codes_ ? 255.0F : HUGE_VALF;
  const size_t count = size_t{1} * outputs_ * stride;
  for (size_t i = 0; i < count; ++i) {
    const bool passes = last_ || (u[i] > 0.0F && u[i] < upper);
    out_gradient[i] = passes ? out_gradient[i] * scale_ : 0.0F;
  }
  const ConstMatrix in(x, stride, inputs_);
  const ConstMatrix sums(out_gradient, stride, outputs_);
  Matrix(weight_gradient.data(), inputs_, outputs_).noalias() += in.transpose() * sums;
  if (in_gradient == nullptr) return;
  const ConstMatrix weights(weights_.data(), inputs_, outputs_);
  Matrix(in_gradient, stride, inputs_).noalias() = sums * weights.transpose();
}

}  // namespace crucible::models
