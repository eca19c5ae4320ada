// One layer of the integer pipeline for any number of images: patches, products, bias, pooling,
// requantisation.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/network/compiled_network.hpp"
#include "models/network/image_patches.hpp"

namespace crucible::models {

class LayerRunner {
 public:
  /// `layer` must outlive the runner.
  LayerRunner(const CompiledLayer& layer, size_t index);

  /// in: [count][in_size] of images first_image and on, out: [count][out_size] activations of the
  /// next layer.
  void run(IMvmEngine& engine, int first_image, std::span<const uint8_t> in, int count,
           std::span<uint8_t> out);
  /// The last layer: v itself, [count][out_channels].
  void run_last(IMvmEngine& engine, int first_image, std::span<const uint8_t> in, int count,
                std::span<int64_t> logits);
  /// Input vectors of `count` images, [count * positions][fan_in]; valid until the next call.
  [[nodiscard]] std::span<const uint8_t> vectors(std::span<const uint8_t> in, int count);
  /// Images that one call should take so that its buffers stay in the second-level cache.
  [[nodiscard]] int images_per_call() const { return images_per_call_; }

 private:
  void requantise(std::span<const int64_t> acc, std::span<uint8_t> out) const;
  /// Number of the first vector of an image in the whole data set.
  [[nodiscard]] uint32_t first_vector(int image) const {
    return static_cast<uint32_t>(image) * static_cast<uint32_t>(layer_.shape.positions());
  }

  const CompiledLayer& layer_;
  size_t index_;
  int images_per_call_;
  ImagePatches patches_;
  std::vector<uint8_t> vectors_;
  std::vector<int64_t> acc_;
};

}  // namespace crucible::models
