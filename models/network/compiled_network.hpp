// A network compiled for a tile: levels of every cell, integer bias, requantisation. See
// docs/numerics.md, "A layer".
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "models/mapping/placement.hpp"
#include "models/network/mvm_engine.hpp"
#include "models/network/network.hpp"
#include "models/tile/tile_settings.hpp"

namespace crucible::models {

struct CompiledLayer {
  LayerShape shape;
  LayerPlacement placement;
  std::vector<int64_t> bias;  ///< in units of acc
  uint32_t multiplier = 0;    ///< M; unused in the last layer
  int right_shift = 0;        ///< t; unused in the last layer
  AdcSettings adc;
};

struct CompiledNetwork {
  std::string name;
  TileGeometry geometry;
  TileSettings common;  ///< of every layer but for `adc`, which is per layer, below
  std::vector<CompiledLayer> layers;
  std::vector<uint8_t> levels;  ///< [banks][rows][cols], all cells of the tile

  [[nodiscard]] TileSettings settings(size_t layer) const;  ///< common with the layer's ADC
  [[nodiscard]] int input_size() const { return layers.front().shape.in_size(); }
  [[nodiscard]] int classes() const { return layers.back().shape.out_channels; }
};

/// Throws crucible::Error(kUsage) naming what does not fit (banks needed and there).
/// `common.adc` is ignored; the plan gives each layer's ADC.
[[nodiscard]] CompiledNetwork compile(const QuantisedNetwork& network, const TileGeometry& geometry,
                                      const TileSettings& common, const AdcPlan& plan);

/// Sees the activations of hidden layer `layer` for images first .. first + n - 1: codes
/// [n][out_size].
using LayerObserver =
    std::function<void(size_t layer, int first, std::span<const uint8_t> activations)>;

/// Runs the whole integer pipeline. images: [count][input_size]; logits: [count][classes].
/// `first_image` is the number of the first image in its data set, which the noise of its reads
/// depends on; observers count from 0 all the same.
void run_pipeline(const CompiledNetwork& network, IMvmEngine& engine,
                  std::span<const uint8_t> images, int count, std::span<int64_t> logits,
                  const LayerObserver& observer = {}, int first_image = 0);

/// Index of the largest logit; the lowest index wins ties.
[[nodiscard]] int predicted_class(std::span<const int64_t> logits);

/// The ADC step of each layer on the given training images (docs/numerics.md, "ADC calibration").
[[nodiscard]] AdcPlan calibrate_adc(const QuantisedNetwork& network, const TileGeometry& geometry,
                                    int base, int bits, std::span<const uint8_t> images, int count);

}  // namespace crucible::models
