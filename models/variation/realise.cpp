// From weight changes to offsets of cells and back: see weight_box.hpp.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "models/error.hpp"
#include "models/variation/chip_cells.hpp"
#include "models/variation/slice_range.hpp"

namespace crucible::models {
namespace {

void check_sizes(const QuantisedNetwork& network, const WeightDelta& delta, const char* what) {
  bool fits = delta.size() == network.layers.size();
  for (size_t l = 0; fits && l < delta.size(); ++l) {
    fits = delta[l].size() == network.layers[l].weights.size();
  }
  if (fits) return;
  throw Error(ErrorKind::kUsage,
              fmt::format("variation: the {} has not one value for each weight of network '{}'",
                          what, network.name));
}

/// Change of |weight| on the grid and inside the box. A change that is no number has no
/// realisation.
int32_t grid_change(double delta, int lsb_exp, bool negative, const Range& range) {
  if (std::isnan(delta)) {
    throw Error(ErrorKind::kUsage, "variation: a weight change is not a number");
  }
  const double limit = 2.0 * kSliceSum * kMostSteps;
  const double steps = std::clamp(std::ldexp(delta, lsb_exp), -limit, limit);
  const auto change = static_cast<int32_t>(std::lround(steps));
  return range.clamp(negative ? -change : change);
}

}  // namespace

ChipOffsets realise(const QuantisedNetwork& network, const CompiledNetwork& compiled,
                    const WeightBox& box, const WeightDelta& delta) {
  check_same_network(network, compiled);
  check_sizes(network, delta, "change");
  ChipOffsets offsets(compiled.geometry.cells(), 0);
  for (size_t l = 0; l < network.layers.size(); ++l) {
    const MoveRules rules = move_rules(box, l);
    for_each_weight(network, compiled, l, [&](size_t i, const WeightCells& cells) {
      const int weight{network.layers[l].weights[i]};
      const int magnitude = std::abs(weight);
      const int32_t change =
          grid_change(delta[l][i], box.grid.lsb_exp, weight < 0, magnitude_range(rules, magnitude));
      const CellMoves moves = share_out(rules, magnitude, change);
      for (int s = 0; s < kSlices; ++s) {
        offsets[cells.active[s]] = static_cast<int8_t>(moves.active[s]);
        offsets[cells.idle[s]] = static_cast<int8_t>(moves.idle[s]);
      }
    });
  }
  return offsets;
}

WeightDelta weight_change(const QuantisedNetwork& network, const CompiledNetwork& compiled,
                          const ChipOffsets& offsets, int lsb_exp, int base) {
  check_same_network(network, compiled);
  if (offsets.size() != compiled.geometry.cells()) {
    throw Error(ErrorKind::kUsage, fmt::format("variation: {} offsets for a tile of {} cells",
                                               offsets.size(), compiled.geometry.cells()));
  }
  const CellScale scale{lsb_exp, base};
  const auto moved = [&](int level, int offset) {
    return scale.conductance(level, offset) - scale.target(level);
  };
  WeightDelta delta;
  for (size_t l = 0; l < network.layers.size(); ++l) {
    auto& out = delta.emplace_back(network.layers[l].weights.size());
    for_each_weight(network, compiled, l, [&](size_t i, const WeightCells& cells) {
      const int weight{network.layers[l].weights[i]};
      int32_t change = 0;
      for (int s = 0; s < kSlices; ++s) {
        const int level = slice_level(std::abs(weight), s);
        change += (moved(level, offsets[cells.active[s]]) - moved(0, offsets[cells.idle[s]]))
                  << (2 * s);
      }
      out[i] = std::ldexp(static_cast<float>(weight < 0 ? -change : change), -lsb_exp);
    });
  }
  return delta;
}

}  // namespace crucible::models
