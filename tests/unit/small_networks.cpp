#include "tests/unit/small_networks.hpp"

#include <algorithm>
#include <cmath>

#include "host/base/random.hpp"

namespace crucible::test {

using models::LayerKind;
using models::LayerShape;

LayerShape conv_shape(int in, int height, int width, int kernel, int pad, int out, bool pool) {
  return {.kind = LayerKind::kConv,
          .name = "conv",
          .in_channels = in,
          .in_height = height,
          .in_width = width,
          .kernel = kernel,
          .pad = pad,
          .out_channels = out,
          .pool = pool};
}

LayerShape dense_shape(int in, int out) {
  return {
      .kind = LayerKind::kFullyConnected, .name = "dense", .in_channels = in, .out_channels = out};
}

models::QuantisedNetwork random_network(const std::vector<LayerShape>& shapes, uint64_t seed) {
  models::QuantisedNetwork network;
  network.name = "random";
  for (size_t l = 0; l < shapes.size(); ++l) {
    CounterRandom random(seed, l);
    models::QuantisedLayer layer;
    layer.shape = shapes[l];
    for (int i = 0; i < shapes[l].weight_count(); ++i)
      layer.weights.push_back(static_cast<int8_t>(random.between(-15, 15)));
    layer.weights[0] = 15;
    layer.x_scale = 0.01;
    layer.w_scale =
        0.1 /
        std::sqrt(shapes[l].fan_in());  // the rms weight is about 9 LSB: sums stay near the inputs
    for (int o = 0; o < shapes[l].out_channels; ++o) layer.bias.push_back(random.unit() - 0.3F);
    network.layers.push_back(std::move(layer));
  }
  return network;
}

std::vector<uint8_t> random_bytes(size_t count, uint64_t seed) {
  CounterRandom random(seed);
  std::vector<uint8_t> bytes(count);
  for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random.next());
  return bytes;
}

models::WeightBox box_of(const models::QuantisedNetwork& network, float lo, float hi) {
  models::WeightBox box{
      models::VariationBound::weight_fraction(0.1), {}, models::Realisation::kPair, 0, {}, {}};
  for (const auto& layer : network.layers) {
    box.lo.emplace_back(layer.weights.size(), lo);
    box.hi.emplace_back(layer.weights.size(), hi);
  }
  return box;
}

std::vector<double> plain_logits(const models::QuantisedNetwork& network,
                                 const models::WeightDelta& weights, std::span<const uint8_t> image,
                                 models::Activations activations) {
  std::vector<double> x(image.begin(), image.end());
  for (size_t l = 0; l < network.layers.size(); ++l) {
    const models::QuantisedLayer& layer = network.layers[l];
    const LayerShape& s = layer.shape;
    const bool last = l + 1 == network.layers.size();
    const double y_scale = last ? 1.0 : network.layers[l + 1].x_scale;
    const int height = s.conv_height(), width = s.conv_width();
    std::vector<double> y;
    for (int o = 0; o < s.out_channels; ++o) {
      for (int at = 0; at < height * width; ++at) {
        double sum = 0;
        for (int tap = 0; tap < s.fan_in(); ++tap) {
          const int c = tap / (s.kernel * s.kernel);
          const int row = at / width + tap / s.kernel % s.kernel - s.pad,
                    column = at % width + tap % s.kernel - s.pad;
          if (row < 0 || column < 0 || row >= s.in_height || column >= s.in_width) continue;
          sum += static_cast<double>(weights[l][static_cast<size_t>(o * s.fan_in() + tap)]) *
                 x[static_cast<size_t>((c * s.in_height + row) * s.in_width + column)];
        }
        double u = (sum * layer.w_scale * layer.x_scale +
                    static_cast<double>(layer.bias[static_cast<size_t>(o)])) /
                   y_scale;
        if (!last) u = std::max(u, 0.0);
        if (!last && activations == models::Activations::kCodes)
          u = std::floor(std::min(u, 255.0) + 0.5);
        y.push_back(u);
      }
    }
    if (s.pool) {
      std::vector<double> pooled;
      for (int o = 0; o < s.out_channels; ++o)
        for (int row = 0; row < s.out_height(); ++row)
          for (int column = 0; column < s.out_width(); ++column) {
            const double* p = &y[static_cast<size_t>((o * height + 2 * row) * width + 2 * column)];
            pooled.push_back(std::max({p[0], p[1], p[width], p[width + 1]}));
          }
      y = std::move(pooled);
    }
    x = std::move(y);
  }
  return x;
}

std::vector<uint8_t> own_labels(const models::QuantisedNetwork& network,
                                std::span<const uint8_t> images) {
  const auto size = static_cast<size_t>(network.layers.front().shape.in_size());
  std::vector<uint8_t> labels;
  for (size_t at = 0; at < images.size(); at += size) {
    const auto logits = plain_logits(network, models::float_weights(network),
                                     images.subspan(at, size), models::Activations::kCodes);
    labels.push_back(
        static_cast<uint8_t>(std::max_element(logits.begin(), logits.end()) - logits.begin()));
  }
  return labels;
}

}  // namespace crucible::test
