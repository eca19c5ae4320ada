// The intervals of make_box(): see weight_box.hpp.
#include "models/variation/weight_box.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

#include "models/error.hpp"
#include "models/variation/slice_range.hpp"

namespace crucible::models {

WeightBox make_box(const QuantisedNetwork& network, const VariationBound& bound,
                   Realisation realisation, int base) {
  if (base < 0 || base > 255) {
    throw Error(
        ErrorKind::kUsage,
        fmt::format("variation: base is {}; it must be between 0 and 255 (1/256 level)", base));
  }
  WeightBox box{bound, make_grid(network, bound), realisation, base, {}, {}};
  for (size_t l = 0; l < network.layers.size(); ++l) {
    const MoveRules rules = move_rules(box, l);
    const auto& weights = network.layers[l].weights;
    auto& lo = box.lo.emplace_back(weights.size());
    auto& hi = box.hi.emplace_back(weights.size());
    for (size_t i = 0; i < weights.size(); ++i) {
      const Range range = magnitude_range(rules, std::abs(int{weights[i]}));
      const bool negative = weights[i] < 0;
      lo[i] = std::ldexp(static_cast<float>(negative ? -range.hi : range.lo), -box.grid.lsb_exp);
      hi[i] = std::ldexp(static_cast<float>(negative ? -range.lo : range.hi), -box.grid.lsb_exp);
    }
  }
  return box;
}

}  // namespace crucible::models
