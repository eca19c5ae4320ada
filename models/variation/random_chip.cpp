// See random_chip.hpp.
#include "models/variation/random_chip.hpp"

#include <vector>

#include "models/variation/chip_space.hpp"

namespace crucible::models {

ChipOffsets random_chip(const QuantisedNetwork& network, const CompiledNetwork& compiled,
                        const WeightBox& box, Distribution distribution, double sigma,
                        uint64_t seed) {
  const ChipSpace space(network, compiled, box, distribution, sigma);
  std::vector<int16_t> values(space.draws());
  space.sample(seed, values);
  return space.offsets(values);
}

}  // namespace crucible::models
