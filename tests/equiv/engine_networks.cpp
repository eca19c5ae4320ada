#include "tests/equiv/engine_networks.hpp"

#include <algorithm>

namespace crucible::sim {
namespace {

using Word = models::EngineDescriptor::Word;

uint32_t ceil_div(uint32_t a, uint32_t b) { return (a + b - 1) / b; }

}  // namespace

models::EngineDescriptor EngineNetworks::descriptor(const EngineShape& shape, bool last) {
  const auto rows = static_cast<uint32_t>(config_.rows);
  const auto cols = static_cast<uint32_t>(config_.cols);
  const auto banks = static_cast<uint32_t>(config_.banks);
  const bool wide = below(3) == 0;
  models::EngineDescriptor layer;
  const uint32_t fan_in = shape.channels * shape.kernel * shape.kernel;
  const uint32_t row_blocks = ceil_div(fan_in, rows);
  const uint32_t block_rows = 4 * ceil_div(ceil_div(fan_in, row_blocks), 4);
  const uint32_t block_outputs =
      shape.outputs <= banks && below(4) == 0 ? 1 + below(cols / 4) : cols / 4;
  const uint32_t column_blocks = ceil_div(shape.outputs, block_outputs);
  const uint32_t used = ceil_div(fan_in, block_rows) * column_blocks;
  layer.words = {(shape.pool ? models::EngineDescriptor::kPool : 0) |
                     (wide ? models::EngineDescriptor::kWide : 0),
                 shape.channels,
                 shape.height,
                 shape.width,
                 shape.kernel,
                 shape.pad,
                 shape.outputs,
                 below(28) | (1 + below(12)) << 8 | (wide ? below(2) << 16 : 0),
                 ceil_div(fan_in, block_rows),
                 column_blocks,
                 block_rows,
                 block_outputs,
                 used <= banks ? below(banks - used + 1) : 0,
                 spec::kWindowMemory,
                 last ? 0 : 0x8000 + below(0x8000),
                 last            ? 0
                 : below(8) == 0 ? 1 + below(62)
                                 : 18 + below(16)};
  return layer;
}

EngineNetwork EngineNetworks::build(const std::vector<EngineShape>& shapes) {
  EngineNetwork network;
  for (size_t i = 0; i < shapes.size(); ++i)
    network.layers.push_back(descriptor(shapes[i], i + 1 == shapes.size()));
  uint32_t at = spec::kWindowMemory + 4 * below(64);
  network.request.network = at;
  network.request.layers = static_cast<uint32_t>(shapes.size());
  at += 64 * network.request.layers + 4 * below(16);
  for (models::EngineDescriptor& layer : network.layers) {
    layer.words[Word::kBiasAt] = at;
    at += layer[Word::kOutChannels] * (layer.wide() ? 8 : 4) + 4 * below(4);
  }
  network.request.count = 1 + below(3);
  network.request.first = below(3) == 0 ? static_cast<uint32_t>(random_()) : below(100);
  network.request.images = at;
  at += network.request.count * 4 *
            ceil_div(static_cast<uint32_t>(network.layers.front().in_size()), 4) +
        4 * below(4);
  network.request.logits = at;
  return network;
}

EngineNetwork EngineNetworks::draw() {
  for (;;) {
    std::vector<EngineShape> shapes;
    EngineShape shape{1 + below(4), 1 + below(12), 1 + below(12), 1, 0, 1, false};
    for (uint32_t left = below(4); left > 0; --left) {
      shape.kernel = 1 + below(std::min({shape.height, shape.width, 7u}));
      shape.pad = below(shape.kernel);
      shape.outputs = 1 + below(9);
      shape.pool = below(2) == 0;
      shapes.push_back(shape);
      const uint32_t step = shape.pool ? 2 : 1, grown = 2 * shape.pad - shape.kernel + 1;
      shape.channels = shape.outputs;
      shape.height = (shape.height + grown) / step;
      shape.width = (shape.width + grown) / step;
      if (shape.height == 0 || shape.width == 0) break;
      if (below(4) == 0)
        shape = {shape.channels * shape.height * shape.width, 1, 1, 1, 0, 1, false};
    }
    if (shape.height == 0 || shape.width == 0) continue;
    // The last one: connected fully, or a kernel over all of its input.
    if (shape.height == shape.width && below(2) == 0)
      shape.kernel = shape.height, shape.pad = 0;
    else
      shape = {shape.channels * shape.height * shape.width, 1, 1, 1, 0, 1, false};
    shape.outputs = 1 + below(13);
    shape.pool = false;
    shapes.push_back(shape);
    const EngineNetwork network = build(shapes);
    const auto legal = [&] {
      for (size_t i = 0; i < shapes.size(); ++i) {
        const models::EngineLayerPlace place{i == 0, i + 1 == shapes.size(),
                                             i == 0 ? 0 : network.layers[i - 1].out_size()};
        if (illegal_word(config_, network.layers[i], place)) return false;
      }
      return true;
    };
    if (legal()) return network;
  }
}

void EngineNetworks::write(const EngineNetwork& network, StandIn& board) {
  for (uint32_t& word : board.memory_) word = static_cast<uint32_t>(random_());
  const auto put = [&](uint32_t address, uint32_t word) {
    const uint32_t at = (address - spec::kWindowMemory) / 4;
    if (at < board.memory_.size()) board.memory_[at] = word;  // an illegal address stays unused
  };
  uint32_t at = network.request.network;
  for (const models::EngineDescriptor& layer : network.layers) {
    for (const uint32_t word : layer.words) {
      put(at, word);
      at += 4;
    }
    // Biases of a size with the sums; a wide one may also be anything.
    uint32_t bias_at = layer[Word::kBiasAt];
    for (uint32_t o = 0; o < std::min(layer[Word::kOutChannels], 4096u); ++o) {
      const int64_t bias = static_cast<int64_t>(random_()) >> (below(6) == 0 ? 8 : 40);
      put(bias_at, static_cast<uint32_t>(layer.wide() ? bias : bias >> 6));
      bias_at += 4;
      if (!layer.wide()) continue;
      put(bias_at, static_cast<uint32_t>(bias >> 32));
      bias_at += 4;
    }
  }
}

}  // namespace crucible::sim
