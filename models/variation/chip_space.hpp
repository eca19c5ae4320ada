// The independent draws that make a random chip, as a space to walk in: one integer a weight
// (weight convention) or a cell (device conventions). A Monte Carlo draws all of them at once;
// splitting (host/chance) draws some of them anew. See docs/variation.md, "Random chips".
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "models/variation/chip_distribution.hpp"
#include "models/variation/random_chip.hpp"
#include "models/variation/slice_range.hpp"
#include "models/variation/weight_box.hpp"

namespace crucible::models {

/// Immutable; threads may share it.
class ChipSpace {
 public:
  /// Copies what it needs. Throws crucible::Error(kUsage) unless `compiled` is the same network and
  /// `sigma` (in units of the bound) can be represented.
  ChipSpace(const QuantisedNetwork& network, const CompiledNetwork& compiled, const WeightBox& box,
            Distribution distribution, double sigma);

  /// Number of draws: the weights, or in the device conventions 4 * weights (active and idle cell
  /// of slice 0, then of slice 1); a cell that does not drift draws 0.
  [[nodiscard]] size_t draws() const { return ranges_.size(); }
  /// The value of draw `index` for a uniform 64-bit number, in offset LSB, inside its interval.
  [[nodiscard]] int16_t draw(size_t index, uint64_t uniform) const;
  /// All draws of the chip `seed`. values: [draws()].
  void sample(uint64_t seed, std::span<int16_t> values) const;
  /// Offsets of all cells; cells outside the network get 0. values: [draws()], each inside its
  /// interval.
  [[nodiscard]] ChipOffsets offsets(std::span<const int16_t> values) const;

 private:
  /// Where a weight's cells are: slice 0 of each polarity; slice 1 is the next cell.
  struct Place {
    uint32_t active = 0, idle = 0;
    uint8_t magnitude = 0;
    bool negative = false;
  };
  struct Span {
    int16_t lo = 0, hi = 0;
  };
  /// Offsets of a weight's cells: active and idle one of slice 0, then of slice 1.
  using CellOffsets = std::array<int8_t, size_t{2} * kSlices>;
  /// Those of every change of a magnitude, from magnitude_range().lo on.
  struct MoveTable {
    int32_t lo = 0;
    std::vector<CellOffsets> moves;
  };
  struct Layer {
    size_t first_weight = 0, weights = 0;
    std::vector<MoveTable> by_magnitude;  ///< weight convention
  };
  void add_layer(const QuantisedNetwork& network, const CompiledNetwork& compiled,
                 const WeightBox& box, size_t layer, double sigma);

  Distribution distribution_;
  bool by_weight_;
  size_t cells_;
  std::vector<Layer> layers_;
  std::vector<Place> places_;
  std::vector<Span> ranges_;
  std::vector<TruncatedGaussian> gaussians_;  ///< of each layer, or of each slice of each layer
  std::vector<uint16_t> gaussian_of_;         ///< of each draw
};

}  // namespace crucible::models
