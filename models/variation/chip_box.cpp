#include "models/variation/chip_box.hpp"

#include <cstdlib>

#include "models/variation/chip_cells.hpp"

namespace crucible::models {

std::vector<BoxCell> box_cells(const QuantisedNetwork& network, const CompiledNetwork& compiled,
                               const WeightBox& box) {
  check_same_network(network, compiled);
  std::vector<BoxCell> cells;
  for (size_t l = 0; l < network.layers.size(); ++l) {
    const MoveRules rules = move_rules(box, l);
    for_each_weight(network, compiled, l, [&](size_t i, const WeightCells& places) {
      const int weight{network.layers[l].weights[i]};
      const auto add = [&](size_t index, int significance, const Range& range) {
        if (range.lo == range.hi) return;
        cells.push_back({.index = static_cast<uint32_t>(index),
                         .layer = static_cast<uint32_t>(l),
                         .weight = static_cast<uint32_t>(i),
                         .significance = static_cast<int8_t>(significance),
                         .lo = static_cast<int8_t>(range.lo),
                         .hi = static_cast<int8_t>(range.hi)});
      };
      for (int s = 0; s < kSlices; ++s) {
        const SliceOffsets range = slice_offsets(rules, s, slice_level(std::abs(weight), s));
        const int significance = (weight < 0 ? -1 : 1) << (2 * s);
        const auto slice = static_cast<size_t>(s);
        add(places.active[slice], significance, range.active);
        add(places.idle[slice], -significance, range.idle);
      }
    });
  }
  return cells;
}

}  // namespace crucible::models
