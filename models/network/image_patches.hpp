// im2col: the input vector of every output position. See docs/numerics.md, "A layer".
#pragma once

#include <cstdint>
#include <vector>

#include "models/network/network.hpp"

namespace crucible::models {

/// Cuts patches of one layer; holds the padded image between calls.
class ImagePatches {
 public:
  explicit ImagePatches(const LayerShape& shape);

  /// image: [channels][height][width]; patches: [positions][fan_in], ordered channel, kernel row,
  /// kernel column.
  void cut(const uint8_t* image, uint8_t* patches);

 private:
  LayerShape shape_;
  int padded_width_;
  std::vector<uint8_t> padded_;  ///< [channels][height + 2 pad][width + 2 pad]
};

}  // namespace crucible::models
