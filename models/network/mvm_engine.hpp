// What the integer pipeline needs of a world: the products of one layer.
#pragma once

#include <cstdint>
#include <span>

namespace crucible::models {

/// A programmed network's products: the bit-exact twin, or a device behind a port.
class IMvmEngine {
 public:
  virtual ~IMvmEngine() = default;
  /// acc[count][out_channels] = sum over row blocks of R for x[count][fan_in] of layer `layer`.
  /// `first_vector` numbers the first of them in the whole data set (modulo 2^32): image times
  /// positions of the layer, plus position.
  virtual void multiply(size_t layer, uint32_t first_vector, std::span<const uint8_t> x, int count,
                        std::span<int64_t> acc) = 0;
};

}  // namespace crucible::models
