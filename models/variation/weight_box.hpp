// The box that a bound spans around a network's weights, and how a point of it becomes offsets of
// cells. See docs/variation.md.
#pragma once

#include <array>
#include <vector>

#include "models/mapping/placement.hpp"
#include "models/network/compiled_network.hpp"
#include "models/network/network.hpp"
#include "models/variation/bound.hpp"

namespace crucible::models {

/// A change of every weight, in weight LSB: [layer][out_channels * fan_in].
using WeightDelta = std::vector<std::vector<float>>;

/// How a weight's change is realised by its four cells (weight convention; a device bound always
/// moves cells directly).
enum class Realisation {
  kActive,  ///< only the active polarity's cells move; the rails bite where base is too small
            ///< (reported as its own convention)
  kPair,  ///< what a rail cuts off an active cell is moved, with opposite sign, to the idle cell of
          ///< its pair
};

/// Offsets' grid: one LSB is 2^-lsb_exp level; a device moves by at most `steps[layer]` LSB (the
/// bound rounded down to the grid).
struct OffsetGrid {
  int lsb_exp = 8;
  std::vector<int> steps;
  /// Where the slices' tolerances differ: steps of each slice, and `steps` is their largest.
  std::vector<std::array<int, kSlices>> slice_steps;
};

/// Finest grid whose largest step count over the layers is at most 127.
/// Throws crucible::Error(kUsage), naming the nearest bound that can be represented, when a layer's
/// bound is below three steps at lsb_exp = 18 (two slices then leave gaps) or above 127 at 8, or
/// when layers or slices lie so far apart that no grid holds all of them.
[[nodiscard]] OffsetGrid make_grid(const QuantisedNetwork& network, const VariationBound& bound);

/// Interval of every weight's change that cells can realise, in weight LSB (multiples of
/// 2^-lsb_exp, rails included).
struct WeightBox {
  VariationBound bound;
  OffsetGrid grid;
  Realisation realisation = Realisation::kPair;
  int base = 0;  ///< BASE register, 2^-8 level
  WeightDelta lo, hi;
};
[[nodiscard]] WeightBox make_box(const QuantisedNetwork& network, const VariationBound& bound,
                                 Realisation realisation, int base);

/// Offsets of all cells realising `delta` (rounded to the grid and clamped to the box). Cells
/// outside the network get 0.
[[nodiscard]] ChipOffsets realise(const QuantisedNetwork& network, const CompiledNetwork& compiled,
                                  const WeightBox& box, const WeightDelta& delta);

/// The weight change that offsets really cause, rails included: inverse of realise(), for checks
/// and reports.
[[nodiscard]] WeightDelta weight_change(const QuantisedNetwork& network,
                                        const CompiledNetwork& compiled, const ChipOffsets& offsets,
                                        int lsb_exp, int base);

}  // namespace crucible::models
