// Mini-batches of shuffled, slightly shifted training images.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "host/data/dataset.hpp"

namespace crucible::train {

/// Every epoch's order and every image's shift are functions of (seed, epoch, image): no hidden
/// state.
class Batches {
 public:
  Batches(const data::ImageSet& images, int height, int width, int batch, int max_shift,
          uint64_t seed);

  [[nodiscard]] int per_epoch() const { return images_.count() / batch_; }
  void start_epoch(int epoch);
  /// Fills pixels() and labels() with batch `number` of the epoch; what moves in from outside is 0.
  void fill(int number);
  [[nodiscard]] std::span<const uint8_t> pixels() const { return pixels_; }
  [[nodiscard]] std::span<const uint8_t> labels() const { return labels_; }

 private:
  const data::ImageSet& images_;
  int height_, width_, batch_, max_shift_;
  uint64_t seed_;
  int epoch_ = 0;
  std::vector<int> order_;
  std::vector<uint8_t> pixels_, labels_;
};

}  // namespace crucible::train
