// Random chips: every cell's deviation is a counter-based function of (seed, cell), so a chip is a
// number. See docs/variation.md.
#pragma once

#include <cstdint>

#include "models/variation/weight_box.hpp"

namespace crucible::models {

enum class Distribution {
  kTruncatedGaussian,  ///< Gaussian, truncated at the bound (redrawn)
  kVertex,             ///< plus or minus the bound, each with probability 1/2
  kUniform,            ///< uniform over the box
};

/// Weight convention: one draw a weight; device conventions: one draw a cell. `sigma` is in units
/// of the bound (0.5: half the bound).
[[nodiscard]] ChipOffsets random_chip(const QuantisedNetwork& network,
                                      const CompiledNetwork& compiled, const WeightBox& box,
                                      Distribution distribution, double sigma, uint64_t seed);

}  // namespace crucible::models
