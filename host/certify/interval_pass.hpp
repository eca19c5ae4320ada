// Interval propagation through the integer pipeline: intervals of every activation and logit that
// hold for every chip of the box. Source of the idea: S. Gowal et al., "On the effectiveness of
// interval bound propagation for training verifiably robust models", arXiv:1810.12715, here with
// intervals on the weights and in integers. See docs/certify.md.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "host/certify/layer_product.hpp"
#include "models/network/image_patches.hpp"
#include "models/network/requantise.hpp"

namespace crucible::certify {

/// The box of a whole network, prepared once and shared by threads.
class BoxedNetwork {
 public:
  /// Throws crucible::Error(kUsage) where the parts do not belong together (check_box).
  BoxedNetwork(const models::QuantisedNetwork& network, const models::CompiledNetwork& compiled,
               const models::WeightBox& box, const LayerMask& mask);

  [[nodiscard]] const models::CompiledNetwork& compiled() const { return compiled_; }
  [[nodiscard]] size_t layers() const { return products_.size(); }
  [[nodiscard]] const LayerProduct& product(size_t layer) const { return products_[layer]; }

 private:
  models::CompiledNetwork compiled_;
  std::vector<LayerProduct> products_;
};

/// What is known of one layer for one image.
struct LayerState {
  std::vector<uint8_t> x_low, x_high;  ///< input vectors, [positions][fan_in]
  ProductBounds product;               ///< [positions][outputs]
  std::vector<uint8_t> y_low, y_high;  ///< activations, [channels][height][width]; not of the last
};

/// Runs images one at a time; one for each thread.
class IntervalPass {
 public:
  /// `network` must outlive the pass.
  explicit IntervalPass(const BoxedNetwork& network);

  /// Fills the states of all layers. image: [input_size]; `first` counts the first layer's
  /// conversions.
  void run(std::span<const uint8_t> image, ConversionCount* first = nullptr);
  [[nodiscard]] const LayerState& state(size_t layer) const { return states_[layer]; }
  [[nodiscard]] LayerState& state(size_t layer) { return states_[layer]; }
  [[nodiscard]] const BoxedNetwork& network() const { return network_; }

  /// Products and activations of one layer from the activations before it; `count` counts its
  /// conversions.
  void run_layer(size_t layer, std::span<const uint8_t> in_low, std::span<const uint8_t> in_high,
                 ConversionCount* count = nullptr);
  /// Everything that follows from a layer's sums, after they were narrowed.
  void rerun_after(size_t layer);
  /// Intervals of the logits, bias included.
  [[nodiscard]] Intervals logits() const;
  /// Lower bounds of logit[label] - logit[o] for every o, on weights that differ and activations
  /// that are the same: tighter than the difference of the logits' intervals.
  [[nodiscard]] std::vector<int64_t> margins(int label) const;

 private:
  void requantise(size_t layer);

  const BoxedNetwork& network_;
  std::vector<LayerState> states_;
  std::vector<models::ImagePatches> patches_;
  ProductScratch scratch_;
};

/// Whether margins of at least these values make `label` the predicted class: of equal logits the
/// lowest index wins.
[[nodiscard]] bool certifies(std::span<const int64_t> margins, int label);

}  // namespace crucible::certify
