#include "host/train/batches.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "host/base/random.hpp"

namespace crucible::train {

namespace {

constexpr uint64_t kOrderStream = uint64_t{1} << 32;
constexpr uint64_t kShiftStream = uint64_t{2} << 32;

}  // namespace

Batches::Batches(const data::ImageSet& images, int height, int width, int batch, int max_shift,
                 uint64_t seed)
    : images_(images),
      height_(height),
      width_(width),
      batch_(batch),
      max_shift_(max_shift),
      seed_(seed),
      order_(static_cast<size_t>(images.count())),
      pixels_(size_t{1} * batch * height * width),
      labels_(static_cast<size_t>(batch)) {}

void Batches::start_epoch(int epoch) {
  epoch_ = epoch;
  std::iota(order_.begin(), order_.end(), 0);
  CounterRandom random(seed_, kOrderStream + static_cast<uint64_t>(epoch));
  for (size_t i = order_.size(); i > 1; --i)
    std::swap(order_[i - 1], order_[random.below(static_cast<uint32_t>(i))]);
}

void Batches::fill(int number) {
  const size_t size = size_t{1} * height_ * width_;
  for (int i = 0; i < batch_; ++i) {
    const int image =
        order_[static_cast<size_t>(number) * static_cast<size_t>(batch_) + static_cast<size_t>(i)];
    labels_[i] = images_.labels[image];
    CounterRandom random(seed_ + static_cast<uint64_t>(image),
                         kShiftStream + static_cast<uint64_t>(epoch_));
    const int down = random.between(-max_shift_, max_shift_);
    const int right = random.between(-max_shift_, max_shift_);
    const uint8_t* from = images_.images.data() + static_cast<size_t>(image) * size;
    uint8_t* to = pixels_.data() + static_cast<size_t>(i) * size;
    std::fill_n(to, size, uint8_t{0});
    const int width = width_ - std::abs(right);
    for (int y = std::max(0, down); y < height_ + std::min(0, down); ++y)
      std::copy_n(from + (y - down) * width_ + std::max(0, -right), width,
                  to + y * width_ + std::max(0, right));
  }
}

}  // namespace crucible::train
