// See chip_space.hpp.
#include "models/variation/chip_space.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <limits>

#include "models/error.hpp"
#include "models/variation/chip_cells.hpp"
#include "models/variation/philox.hpp"

namespace crucible::models {
namespace {

constexpr int kMagnitudes = 16;
constexpr size_t kMostLayers = std::numeric_limits<uint16_t>::max() / kSlices;

/// Uniform number of one draw. The index counts weights (or their cells) in the network, not on the
/// tile, so a chip is the same deviation of the network on every tile.
uint64_t uniform(uint64_t seed, uint64_t index, Distribution distribution) {
  const PhiloxCounter words =
      philox({static_cast<uint32_t>(index), static_cast<uint32_t>(index >> 32),
              static_cast<uint32_t>(distribution), 0},
             {static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32)});
  return uint64_t{words[0]} << 32 | words[1];
}

}  // namespace

ChipSpace::ChipSpace(const QuantisedNetwork& network, const CompiledNetwork& compiled,
                     const WeightBox& box, Distribution distribution, double sigma)
    : distribution_(distribution),
      by_weight_(box.bound.convention() == BoundConvention::kWeightFraction),
      cells_(compiled.geometry.cells()) {
  check_same_network(network, compiled);
  if (network.layers.size() > kMostLayers || cells_ > std::numeric_limits<uint32_t>::max()) {
    throw Error(ErrorKind::kUsage,
                fmt::format("random chip: {} layers on {} cells; the most are {} layers on 2^32",
                            network.layers.size(), cells_, kMostLayers));
  }
  for (size_t l = 0; l < network.layers.size(); ++l) add_layer(network, compiled, box, l, sigma);
}

void ChipSpace::add_layer(const QuantisedNetwork& network, const CompiledNetwork& compiled,
                          const WeightBox& box, size_t layer, double sigma) {
  const MoveRules rules = move_rules(box, layer);
  const auto& weights = network.layers[layer].weights;
  Layer& out = layers_.emplace_back();
  out.first_weight = places_.size();
  out.weights = weights.size();
  const size_t first_gaussian = layer * (by_weight_ ? 1 : kSlices);
  if (distribution_ == Distribution::kTruncatedGaussian) {
    if (by_weight_) {
      gaussians_.emplace_back(kSliceSum * rules.steps[0], sigma);
    } else {
      for (const int32_t steps : rules.steps) gaussians_.emplace_back(steps, sigma);
    }
  }
  const auto add_range = [&](Range range, size_t slice) {
    ranges_.push_back({static_cast<int16_t>(range.lo), static_cast<int16_t>(range.hi)});
    gaussian_of_.push_back(static_cast<uint16_t>(first_gaussian + slice));
  };
  for_each_weight(network, compiled, layer, [&](size_t i, const WeightCells& cells) {
    const int magnitude = std::abs(int{weights[i]});
    const bool negative = weights[i] < 0;
    places_.push_back({static_cast<uint32_t>(cells.active[0]), static_cast<uint32_t>(cells.idle[0]),
                       static_cast<uint8_t>(magnitude), negative});
    if (by_weight_) {
      const Range range = magnitude_range(rules, magnitude);
      add_range(negative ? Range{-range.hi, -range.lo} : range, 0);
      return;
    }
    for (int s = 0; s < kSlices; ++s) {
      const auto slice = static_cast<size_t>(s);
      add_range(cell_range(rules, s, slice_level(magnitude, s)), slice);
      add_range(rules.idle ? cell_range(rules, s, 0) : Range{}, slice);
    }
  });
  for (int magnitude = 0; by_weight_ && magnitude < kMagnitudes; ++magnitude) {
    const Range range = magnitude_range(rules, magnitude);
    MoveTable& table = out.by_magnitude.emplace_back();
    table.lo = range.lo;
    for (int32_t change = range.lo; change <= range.hi; ++change) {
      const CellMoves moves = share_out(rules, magnitude, change);
      CellOffsets& offsets = table.moves.emplace_back();
      for (size_t s = 0; s < kSlices; ++s) {
        offsets[2 * s] = static_cast<int8_t>(moves.active[s]);
        offsets[2 * s + 1] = static_cast<int8_t>(moves.idle[s]);
      }
    }
  }
}

int16_t ChipSpace::draw(size_t index, uint64_t number) const {
  const Range range{ranges_[index].lo, ranges_[index].hi};
  switch (distribution_) {
    case Distribution::kTruncatedGaussian:
      return static_cast<int16_t>(range.clamp(gaussians_[gaussian_of_[index]].draw(number)));
    case Distribution::kVertex:
      return static_cast<int16_t>(draw_vertex(range, number));
    case Distribution::kUniform:
      return static_cast<int16_t>(draw_uniform(range, number));
  }
  return 0;
}

void ChipSpace::sample(uint64_t seed, std::span<int16_t> values) const {
  for (size_t i = 0; i < values.size(); ++i) values[i] = draw(i, uniform(seed, i, distribution_));
}

ChipOffsets ChipSpace::offsets(std::span<const int16_t> values) const {
  if (values.size() != draws()) {
    throw Error(ErrorKind::kUsage,
                fmt::format("random chip: {} values for {} draws", values.size(), draws()));
  }
  ChipOffsets offsets(cells_, 0);
  for (const Layer& layer : layers_) {
    for (size_t w = layer.first_weight; w < layer.first_weight + layer.weights; ++w) {
      CellOffsets moves;
      if (by_weight_) {
        const MoveTable& table = layer.by_magnitude[places_[w].magnitude];
        const int32_t change = places_[w].negative ? -values[w] : values[w];
        moves = table.moves.at(static_cast<size_t>(change - table.lo));
      } else {
        for (size_t c = 0; c < moves.size(); ++c) {
          moves[c] = static_cast<int8_t>(values[moves.size() * w + c]);
        }
      }
      for (size_t s = 0; s < kSlices; ++s) {
        offsets[places_[w].active + s] = moves[2 * s];
        offsets[places_[w].idle + s] = moves[2 * s + 1];
      }
    }
  }
  return offsets;
}

}  // namespace crucible::models
