// The layers of a float twin and the buffers of one thread. Private to models/float_twin.
#pragma once

#include <vector>

#include "models/float_twin/conv_layer.hpp"
#include "models/float_twin/dense_layer.hpp"
#include "models/float_twin/float_twin.hpp"
#include "models/float_twin/lanes.hpp"

namespace crucible::models {

struct FloatTwin::Plan {
  std::vector<ConvLayer> conv;
  std::vector<DenseLayer> dense;
  std::vector<float> bias_unit;  // per layer: dsum / d(real bias), 1 / (w_scale * x_scale)
  int input_size = 0;
};

struct FloatWorkspace::Buffers {
  struct Conv {
    lanes::Array<lanes::Vec> input;      // [group][input_size]
    lanes::Array<lanes::IntVec> routes;  // [group][routes_size]
    lanes::Array<lanes::Vec> sum_gradient, in_gradient, weight_lanes, bias_lanes;
  };
  struct Dense {
    lanes::Array<lanes::Vec> x, u, in_gradient;  // [features][groups of the call]
  };
  std::vector<Conv> conv;
  std::vector<Dense> dense;
  lanes::Array<lanes::Vec> out_gradient;
  int count = 0;  // images of the last forward

  [[nodiscard]] bool fits(const FloatTwin::Plan& plan) const;
  void fit(const FloatTwin::Plan& plan);
};

}  // namespace crucible::models
