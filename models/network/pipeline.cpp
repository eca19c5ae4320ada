// The integer pipeline: layers in turn over chunks of images. Images are independent, so chunks
// change no logit.
#include <fmt/format.h>

#include <algorithm>

#include "models/error.hpp"
#include "models/network/compiled_network.hpp"
#include "models/network/layer_runner.hpp"

namespace crucible::models {
namespace {

constexpr int kChunk = 256;  ///< images whose activations are held at a time

}  // namespace

void run_pipeline(const CompiledNetwork& network, IMvmEngine& engine,
                  std::span<const uint8_t> images, int count, std::span<int64_t> logits,
                  const LayerObserver& observer, int first_image) {
  const size_t input = network.input_size();
  const size_t classes = network.classes();
  if (count < 0 || images.size() != count * input || logits.size() != count * classes) {
    throw Error(ErrorKind::kInternal,
                fmt::format("pipeline: {} bytes of images and {} logits for {} images of {} bytes "
                            "and {} classes",
                            images.size(), logits.size(), count, input, classes));
  }
  std::vector<LayerRunner> runners;
  for (size_t l = 0; l < network.layers.size(); ++l) runners.emplace_back(network.layers[l], l);

  std::vector<uint8_t> from, to;
  for (int first = 0; first < count; first += kChunk) {
    const int chunk = std::min(kChunk, count - first);
    std::span<const uint8_t> in = images.subspan(first * input, chunk * input);
    for (size_t l = 0; l < runners.size(); ++l) {
      const LayerShape& shape = network.layers[l].shape;
      const bool last = l + 1 == runners.size();
      const size_t in_size = shape.in_size();
      const size_t out_size = shape.out_size();
      if (!last) to.resize(chunk * out_size);
      const int step = runners[l].images_per_call();
      for (int k = 0; k < chunk; k += step) {
        const int n = std::min(step, chunk - k);
        const auto part = in.subspan(k * in_size, n * in_size);
        if (last) {
          runners[l].run_last(engine, first_image + first + k, part, n,
                              logits.subspan((first + k) * classes, n * classes));
        } else {
          runners[l].run(engine, first_image + first + k, part, n,
                         std::span(to).subspan(k * out_size, n * out_size));
        }
      }
      from.swap(to);
      in = from;
      if (!last && observer) observer(l, first, in);
    }
  }
}

int predicted_class(std::span<const int64_t> logits) {
  return static_cast<int>(std::max_element(logits.begin(), logits.end()) - logits.begin());
}

}  // namespace crucible::models
