#include "host/train/train.hpp"

namespace crucible::train {

using models::LayerKind;
using models::LayerShape;

std::vector<LayerShape> lenet_shapes(int classes) {
  const auto conv = [](const char* name, int in, int size, int out) {
    return LayerShape{.kind = LayerKind::kConv,
                      .name = name,
                      .in_channels = in,
                      .in_height = size,
                      .in_width = size,
                      .kernel = 3,
                      .pad = 1,
                      .out_channels = out,
                      .pool = true};
  };
  const auto dense = [](const char* name, int in, int out) {
    return LayerShape{
        .kind = LayerKind::kFullyConnected, .name = name, .in_channels = in, .out_channels = out};
  };
  return {conv("conv1", 1, 28, 6), conv("conv2", 6, 14, 16), dense("fc1", 784, 120),
          dense("fc2", 120, 84), dense("fc3", 84, classes)};
}

}  // namespace crucible::train
