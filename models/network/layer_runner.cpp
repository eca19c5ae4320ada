// See layer_runner.hpp.
#include "models/network/layer_runner.hpp"

#include <algorithm>

#include "models/network/requantise.hpp"

namespace crucible::models {
namespace {

constexpr int kCacheBytes = 256 * 1024;
constexpr int kMostImages = 256;

/// Vectors and sums of one image.
int bytes_per_image(const LayerShape& shape) {
  return shape.positions() *
         (shape.fan_in() + static_cast<int>(sizeof(int64_t)) * shape.out_channels);
}

}  // namespace

LayerRunner::LayerRunner(const CompiledLayer& layer, size_t index)
    : layer_(layer),
      index_(index),
      images_per_call_(std::clamp(kCacheBytes / bytes_per_image(layer.shape), 1, kMostImages)),
      patches_(layer.shape) {}

std::span<const uint8_t> LayerRunner::vectors(std::span<const uint8_t> in, int count) {
  const LayerShape& shape = layer_.shape;
  if (shape.kind == LayerKind::kFullyConnected) return in;
  const size_t image_size = static_cast<size_t>(shape.positions()) * shape.fan_in();
  vectors_.resize(count * image_size);
  for (int k = 0; k < count; ++k) {
    patches_.cut(in.data() + static_cast<size_t>(k) * shape.in_size(),
                 vectors_.data() + k * image_size);
  }
  return vectors_;
}

void LayerRunner::run(IMvmEngine& engine, int first_image, std::span<const uint8_t> in, int count,
                      std::span<uint8_t> out) {
  const LayerShape& shape = layer_.shape;
  acc_.resize(static_cast<size_t>(count) * shape.positions() * shape.out_channels);
  engine.multiply(index_, first_vector(first_image), vectors(in, count), count * shape.positions(),
                  acc_);
  const size_t acc_size = static_cast<size_t>(shape.positions()) * shape.out_channels;
  for (int k = 0; k < count; ++k) {
    requantise(std::span(acc_).subspan(k * acc_size, acc_size),
               out.subspan(static_cast<size_t>(k) * shape.out_size(), shape.out_size()));
  }
}

void LayerRunner::run_last(IMvmEngine& engine, int first_image, std::span<const uint8_t> in,
                           int count, std::span<int64_t> logits) {
  engine.multiply(index_, first_vector(first_image), vectors(in, count), count, logits);
  const size_t classes = layer_.bias.size();
  for (size_t i = 0; i < logits.size(); ++i) logits[i] += layer_.bias[i % classes];
}

/// acc: [positions][channels]; out: [channels][height][width]. Requantisation is monotone, so
/// pooling the sums first gives the same activations with a quarter of the work.
void LayerRunner::requantise(std::span<const int64_t> acc, std::span<uint8_t> out) const {
  const LayerShape& shape = layer_.shape;
  const Requantiser requantiser{layer_.multiplier, layer_.right_shift};
  const int channels = shape.out_channels;
  const size_t line = static_cast<size_t>(shape.conv_width()) * channels;
  const int step = shape.pool ? 2 : 1;
  const int height = shape.out_height();
  const int width = shape.out_width();
  for (int row = 0; row < height; ++row) {
    for (int column = 0; column < width; ++column) {
      const int64_t* at = acc.data() + step * (row * line + static_cast<size_t>(column) * channels);
      uint8_t* y = out.data() + static_cast<size_t>(row) * width + column;
      for (int c = 0; c < channels; ++c, ++at, y += static_cast<size_t>(height) * width) {
        int64_t v = at[0];
        if (shape.pool) {
          v = std::max(std::max(at[0], at[channels]), std::max(at[line], at[line + channels]));
        }
        *y = requantiser(v + layer_.bias[c]);
      }
    }
  }
}

}  // namespace crucible::models
