// The network in floating point, with its gradient: what the searches and the training climb on.
//
// Units are those of the hardware: a weight is a (fractional) number of weight LSB, an activation a
// code 0 .. 255. A layer computes
//     u = (sum_k w_k x_k) * w_scale * x_scale / y_scale + bias / y_scale,   y = clamp(round(u), 0,
//     255),   then 2 x 2 max-pooling;
// the last layer's logits are real values (y_scale = 1, nothing rounded or clamped). Rounding is
// straight-through in the gradient; a clamped activation passes none. The ADC is not part of it. No
// threads, no files.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "models/network/network.hpp"
#include "models/variation/weight_box.hpp"

namespace crucible::models {

/// kCodes: rounded and clamped to 0 .. 255, as the hardware does. kReal: ReLU only (training before
/// the scales are known, gradient checks).
enum class Activations { kCodes, kReal };

/// dLoss / dw [layer][out_channels * fan_in] per weight LSB, and dLoss / db [layer][out_channels]
/// per real unit of the bias.
struct NetworkGradient {
  WeightDelta weights;
  std::vector<std::vector<float>> bias;
  NetworkGradient() = default;
  explicit NetworkGradient(const QuantisedNetwork& network);  ///< zeros of the network's shape
  void set_zero();
  void add(const NetworkGradient& other);
};

/// Buffers of one thread; keeps what backward() needs of the last forward().
class FloatWorkspace {
 public:
  FloatWorkspace();
  ~FloatWorkspace();
  FloatWorkspace(FloatWorkspace&&) noexcept;
  FloatWorkspace& operator=(FloatWorkspace&&) noexcept;

 private:
  friend class FloatTwin;
  struct Buffers;
  std::unique_ptr<Buffers> buffers_;
};

/// What a device's layers gave: taken in place of the twin's own, so that the gradient is the
/// twin's slope at the device's point (straight-through; Y. Bengio, N. Leonard, A. Courville 2013).
struct LayerReadings {
  std::vector<std::vector<uint8_t>> activations;  ///< [hidden layer][n * out_size] codes
  std::vector<float> logits;                      ///< [n][classes], real units
};

/// Immutable; threads share one and bring a workspace each.
class FloatTwin {
 public:
  /// Most images of one forward().
  static constexpr int kChunk = 64;

  /// weights: [layer][out_channels * fan_in] in weight LSB; scales and biases are the network's.
  /// Throws crucible::Error(kUsage) for a convolution after a fully connected layer, or as the last
  /// layer with more than one position.
  FloatTwin(const QuantisedNetwork& network, const WeightDelta& weights,
            Activations activations = Activations::kCodes);
  ~FloatTwin();
  FloatTwin(FloatTwin&&) noexcept;
  FloatTwin& operator=(FloatTwin&&) noexcept;

  [[nodiscard]] int input_size() const;
  [[nodiscard]] int classes() const;

  /// Logits of images[index[i]], i = 0 .. index.size() - 1 (at most kChunk). images:
  /// [n][input_size]; logits: [index.size()][classes], real units. With readings (of the same n
  /// images), every layer starts from the device's codes of the layer before, a hidden unit passes
  /// the gradient where the device's code is neither 0 nor 255, and the logits are the device's.
  void forward(std::span<const uint8_t> images, std::span<const int> index,
               FloatWorkspace& workspace, std::span<float> logits,
               const LayerReadings* readings = nullptr) const;

  /// Adds the gradient of the images of the last forward() with this twin and workspace. dlogits:
  /// [same count][classes].
  void backward(std::span<const float> dlogits, FloatWorkspace& workspace,
                NetworkGradient& gradient) const;

  /// maxima[l] = max(maxima[l], largest output of hidden layer l in the last forward(), in its
  /// codes): for calibrating scales.
  void activation_maxima(const FloatWorkspace& workspace, std::span<float> maxima) const;

 private:
  friend class FloatWorkspace;
  struct Plan;
  std::unique_ptr<const Plan> plan_;
};

/// q as floats plus delta: what FloatTwin takes. An empty delta means none.
[[nodiscard]] WeightDelta float_weights(const QuantisedNetwork& network,
                                        const WeightDelta& delta = {});

}  // namespace crucible::models
