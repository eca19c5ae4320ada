// One convolution of the float twin, on groups of images with one image a lane. Private to
// models/float_twin.
//
// Arrays of vectors: the input [in_channels][padded height][padded width] with a border of zeros,
// so that a kernel's tap is a constant distance; the output gradient likewise with the border that
// the transposed convolution needs. Tiles of four positions (one pooling window, or four in a row)
// times a few output channels stay in registers.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "models/float_twin/lanes.hpp"
#include "models/network/network.hpp"

namespace crucible::models {

/// Where a layer's result goes: output (channel, y, x) to data[channel * plane + y * row + x *
/// column].
struct ConvTarget {
  lanes::Vec* data = nullptr;
  int plane = 0;
  int row = 0;
  int column = 1;
};

/// dLoss / dy of a layer's outputs: output i at data[i * step].
struct ConvOutGradient {
  const lanes::Vec* data = nullptr;
  int step = 1;
};

/// What follows the sums. u = sum * scale + offset[channel].
struct ConvActivation {
  float scale = 1.0F;         ///< codes a unit of the sum
  std::vector<float> offset;  ///< [out_channels], codes
  bool codes = true;          ///< round and clamp to 0 .. 255
};

/// Weights packed for the tiles, and their geometry.
class ConvLayer {
 public:
  ConvLayer(const LayerShape& shape, std::span<const float> weights, ConvActivation activation,
            bool needs_input_gradient);

  [[nodiscard]] size_t input_size() const { return size_t{1} * shape_.in_channels * in_plane_; }
  [[nodiscard]] size_t routes_size() const { return static_cast<size_t>(shape_.out_size()); }
  [[nodiscard]] size_t sum_gradient_size() const {
    return size_t{1} * shape_.out_channels * grad_plane_;
  }
  /// Interior of a padded input array.
  [[nodiscard]] ConvTarget interior(lanes::Vec* input) const;
  [[nodiscard]] const LayerShape& shape() const { return shape_; }
  [[nodiscard]] const ConvActivation& activation() const { return activation_; }

  /// routes: [out_size], which position of the pooling window passes the gradient (0 .. 3), -1 for
  /// none.
  void forward(const lanes::Vec* input, const ConvTarget& output, lanes::IntVec* routes) const;

  /// out_gradient: [out_size]. Fills sum_gradient (dLoss / dsum, with border; the border and unused
  /// positions stay zero), adds dLoss / dw to weight_lanes [out_channels][fan_in] and dLoss / dsum
  /// to bias_lanes [out_channels], all still one lane an image.
  void backward_weights(const lanes::Vec* input, const ConvOutGradient& out_gradient,
                        const lanes::IntVec* routes, lanes::Vec* sum_gradient,
                        lanes::Vec* weight_lanes, lanes::Vec* bias_lanes) const;
  /// in_gradient: [in_size], overwritten.
  void backward_input(const lanes::Vec* sum_gradient, lanes::Vec* in_gradient) const;

 private:
  LayerShape shape_;
  ConvActivation activation_;
  int in_width_, in_plane_;  ///< padded
  int grad_border_, grad_width_, grad_plane_;
  int block_ = 0, in_block_ = 0;  ///< channels in registers: of the output, of the input's gradient
  std::vector<int> taps_, grad_taps_;        ///< distances, in vectors
  std::vector<float> packed_, grad_packed_;  ///< [channel block][tap][channel in block]
};

}  // namespace crucible::models
