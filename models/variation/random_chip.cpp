// See random_chip.hpp.
#include "models/variation/random_chip.hpp"

#include <cmath>
#include <cstdlib>
#include <optional>

#include "models/variation/chip_cells.hpp"
#include "models/variation/chip_distribution.hpp"
#include "models/variation/philox.hpp"

namespace crucible::models {
namespace {

/// Uniform number of one draw. The index counts weights (or their cells) in the network, not on the
/// tile, so a chip is the same deviation of the network on every tile.
uint64_t uniform(uint64_t seed, uint64_t index, Distribution distribution) {
  const PhiloxCounter words =
      philox({static_cast<uint32_t>(index), static_cast<uint32_t>(index >> 32),
              static_cast<uint32_t>(distribution), 0},
             {static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32)});
  return uint64_t{words[0]} << 32 | words[1];
}

/// Draws within a range; the Gaussian is truncated at +-limit and then held by the range (the
/// rails).
class Drawer {
 public:
  Drawer(Distribution distribution, int32_t limit, double sigma, uint64_t seed)
      : distribution_(distribution), seed_(seed) {
    if (distribution == Distribution::kTruncatedGaussian) gaussian_.emplace(limit, sigma);
  }

  [[nodiscard]] int32_t operator()(uint64_t index, const Range& range) const {
    const uint64_t number = uniform(seed_, index, distribution_);
    switch (distribution_) {
      case Distribution::kTruncatedGaussian:
        return range.clamp(gaussian_->draw(number));
      case Distribution::kVertex:
        return draw_vertex(range, number);
      case Distribution::kUniform:
        return draw_uniform(range, number);
    }
    return 0;
  }

 private:
  Distribution distribution_;
  uint64_t seed_;
  std::optional<TruncatedGaussian> gaussian_;
};

ChipOffsets draw_weights(const QuantisedNetwork& network, const CompiledNetwork& compiled,
                         const WeightBox& box, Distribution distribution, double sigma,
                         uint64_t seed) {
  WeightDelta delta;
  uint64_t index = 0;
  for (size_t l = 0; l < network.layers.size(); ++l) {
    const MoveRules rules = move_rules(box, l);
    const Drawer draw(distribution, kSliceSum * rules.steps, sigma, seed);
    auto& out = delta.emplace_back(network.layers[l].weights.size());
    for (size_t i = 0; i < out.size(); ++i, ++index) {
      const Range range{static_cast<int32_t>(std::ldexp(box.lo[l][i], box.grid.lsb_exp)),
                        static_cast<int32_t>(std::ldexp(box.hi[l][i], box.grid.lsb_exp))};
      out[i] = std::ldexp(static_cast<float>(draw(index, range)), -box.grid.lsb_exp);
    }
  }
  return realise(network, compiled, box, delta);
}

ChipOffsets draw_cells(const QuantisedNetwork& network, const CompiledNetwork& compiled,
                       const WeightBox& box, Distribution distribution, double sigma,
                       uint64_t seed) {
  ChipOffsets offsets(compiled.geometry.cells(), 0);
  uint64_t first = 0;
  for (size_t l = 0; l < network.layers.size(); ++l) {
    const MoveRules rules = move_rules(box, l);
    const Drawer draw(distribution, rules.steps, sigma, seed);
    for_each_weight(network, compiled, l, [&](size_t i, const WeightCells& cells) {
      const int magnitude = std::abs(int{network.layers[l].weights[i]});
      for (int s = 0; s < kSlices; ++s) {
        const uint64_t index = 2 * kSlices * (first + i) + 2 * static_cast<uint64_t>(s);
        const Range active = cell_range(rules, slice_level(magnitude, s));
        offsets[cells.active[s]] = static_cast<int8_t>(draw(index, active));
        if (rules.idle) {
          offsets[cells.idle[s]] = static_cast<int8_t>(draw(index + 1, cell_range(rules, 0)));
        }
      }
    });
    first += network.layers[l].weights.size();
  }
  return offsets;
}

}  // namespace

ChipOffsets random_chip(const QuantisedNetwork& network, const CompiledNetwork& compiled,
                        const WeightBox& box, Distribution distribution, double sigma,
                        uint64_t seed) {
  check_same_network(network, compiled);
  const bool by_weight = box.bound.convention() == BoundConvention::kWeightFraction;
  return (by_weight ? draw_weights : draw_cells)(network, compiled, box, distribution, sigma, seed);
}

}  // namespace crucible::models
