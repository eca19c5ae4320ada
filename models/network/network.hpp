// Networks: geometry, quantised weights, and the form compiled for a tile. See docs/numerics.md.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace crucible::models {

enum class LayerKind { kConv, kFullyConnected };

/// Geometry of one layer. ReLU follows every layer but the last; pooling is 2 x 2, stride 2.
struct LayerShape {
  LayerKind kind = LayerKind::kFullyConnected;
  std::string name;
  int in_channels = 0;  ///< fully connected: number of inputs, with in_height = in_width = 1
  int in_height = 1;
  int in_width = 1;
  int kernel = 1;  ///< square
  int pad = 0;     ///< zeros on each side; stride is 1
  int out_channels = 0;
  bool pool = false;

  [[nodiscard]] int fan_in() const { return in_channels * kernel * kernel; }
  [[nodiscard]] int conv_height() const { return in_height + 2 * pad - kernel + 1; }
  [[nodiscard]] int conv_width() const { return in_width + 2 * pad - kernel + 1; }
  /// Products per image.
  [[nodiscard]] int positions() const { return conv_height() * conv_width(); }
  [[nodiscard]] int out_height() const { return pool ? conv_height() / 2 : conv_height(); }
  [[nodiscard]] int out_width() const { return pool ? conv_width() / 2 : conv_width(); }
  [[nodiscard]] int in_size() const { return in_channels * in_height * in_width; }
  [[nodiscard]] int out_size() const { return out_channels * out_height() * out_width(); }
  [[nodiscard]] int weight_count() const { return fan_in() * out_channels; }
};

/// One layer with its integers and scales, independent of any tile setting.
struct QuantisedLayer {
  LayerShape shape;
  std::vector<int8_t> weights;  ///< [out_channels][fan_in], -15 .. 15 (sign and 4-bit magnitude)
  std::vector<float> bias;      ///< [out_channels], real units; digital and exact
  double w_scale = 1.0;         ///< real value of one weight LSB
  double x_scale = 1.0;         ///< real value of one input LSB (activation 0 .. 255)
};

/// The network as the zoo stores it. Layer i + 1's x_scale is layer i's output scale.
struct QuantisedNetwork {
  std::string name;
  std::vector<QuantisedLayer> layers;
  /// Largest |weight| of a layer in weight LSB: w_max, on which the bound hangs.
  [[nodiscard]] int w_max(size_t layer) const;
  /// Throws crucible::Error where shapes, sizes or values do not fit together.
  void check() const;
};

/// ADC of each layer, as exponents: one code is worth 2^step_exp levels.
struct AdcPlan {
  bool transparent = false;
  int bits = 8;
  std::vector<int> step_exp;  ///< per layer; unused when transparent
};

}  // namespace crucible::models
