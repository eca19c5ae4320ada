#include "models/device/layer_engine.hpp"

#include <algorithm>

#include "models/network/requantise.hpp"

namespace crucible::models {
namespace {

using Word = EngineDescriptor::Word;

constexpr int kSumBits = 56;
constexpr uint32_t kDescriptorBytes = 4 * Word::kWords;

constexpr uint32_t word_of(uint32_t address) { return (address - spec::kWindowMemory) / 4; }

/// The value of the low 56 bits, signed.
constexpr int64_t wrapped(uint64_t value) {
  return static_cast<int64_t>(value << (64 - kSumBits)) >> (64 - kSumBits);
}

uint32_t words(uint64_t bytes) { return static_cast<uint32_t>((bytes + 3) / 4); }

}  // namespace

uint32_t LayerEngine::ring_place(uint32_t words, uint64_t piece, uint32_t index) {
  const uint32_t places = 4 * piece <= words ? 4 : 2 * piece <= words ? 2 : 1;
  return words / places * (index % places);
}

EngineOutcome LayerEngine::load(const EngineRequest& request) {
  const auto bad_register = [](uint32_t index, uint32_t value) {
    return EngineOutcome{EngineOutcome::kBadRegister, 0, index, value, 0};
  };
  const auto index = [](uint32_t address) { return (address - spec::kRegEngineInfo) / 4; };
  layers_.clear();
  if (!in_board_memory(config_, request.network, uint64_t{request.layers} * kDescriptorBytes))
    return bad_register(index(spec::kRegEngineNetwork), request.network);
  for (uint32_t l = 0; l < request.layers; ++l) {
    EngineDescriptor& layer = layers_.emplace_back();
    for (uint32_t i = 0; i < Word::kWords; ++i)
      layer.words[i] = board_.memory(word_of(request.network) + l * Word::kWords + i);
    const EngineLayerPlace place{l == 0, l + 1 == request.layers,
                                 l == 0 ? 0 : layers_[l - 1].out_size()};
    if (const auto word = illegal_word(config_, layer, place))
      return {EngineOutcome::kBadDescriptor, l, *word, layer[*word], 0};
  }
  const uint64_t image_bytes = 4 * uint64_t{words(layers_.front().in_size())};
  const EngineDescriptor& last = layers_.back();
  const uint64_t logit_bytes = uint64_t{last[Word::kOutChannels]} * (last.wide() ? 8 : 4);
  if (!in_board_memory(config_, request.images, request.count * image_bytes))
    return bad_register(index(spec::kRegEngineImages), request.images);
  if (!in_board_memory(config_, request.logits, request.count * logit_bytes))
    return bad_register(index(spec::kRegEngineLogits), request.logits);
  return {};
}

EngineOutcome LayerEngine::run(const EngineRequest& request) {
  EngineOutcome outcome = load(request);
  if (outcome.reason != EngineOutcome::kNone) return outcome;
  in_.assign(activation_bytes(config_), 0);
  out_ = in_;
  logit_at_ = word_of(request.logits);
  uint32_t image_at = word_of(request.images);
  for (; outcome.done < request.count; ++outcome.done) {
    load_image(image_at);
    image_at += words(layers_.front().in_size());
    for (const EngineDescriptor& layer : layers_) {
      run_layer(layer, request.first + outcome.done);
      in_.swap(out_);
    }
  }
  return outcome;
}

void LayerEngine::load_image(uint32_t at) {
  for (uint32_t i = 0; i < words(layers_.front().in_size()); ++i) {
    const uint32_t word = board_.memory(at + i);
    for (uint32_t byte = 0; byte < 4; ++byte)
      in_[4 * i + byte] = static_cast<uint8_t>(word >> 8 * byte);
  }
}

void LayerEngine::run_layer(const EngineDescriptor& layer, uint32_t image) {
  uint32_t read = image * layer.conv_height() * layer.conv_width();
  for (uint32_t line = 0; line < layer.conv_height(); ++line, read += layer.conv_width()) {
    run_line(layer, line, read);
    const uint32_t step = layer.step();
    if (line % step == step - 1) post_process(layer, line / step);
  }
}

void LayerEngine::cut_line(const EngineDescriptor& layer, uint32_t line, uint32_t to) const {
  const int64_t pad = layer[Word::kPad], kernel = layer[Word::kKernel];
  const int64_t height = layer[Word::kInHeight], width = layer[Word::kInWidth];
  std::vector<uint8_t> vector(4 * size_t{layer.stride()});  // what no input fills stays 0
  for (int64_t left = -pad; left < int64_t{layer.conv_width()} - pad; ++left) {
    size_t at = 0;
    for (int64_t channel = 0; channel < layer[Word::kInChannels]; ++channel) {
      for (int64_t row = line - pad; row < line - pad + kernel; ++row) {
        const bool inside = row >= 0 && row < height;
        const uint8_t* const from = in_.data() + (inside ? (channel * height + row) * width : 0);
        for (int64_t column = left; column < left + kernel; ++column)
          vector[at++] = inside && column >= 0 && column < width ? from[column] : 0;
      }
    }
    for (size_t i = 0; i < vector.size(); i += 4)
      board_.set_input(to++, vector[i] | vector[i + 1] << 8 | vector[i + 2] << 16 |
                                 static_cast<uint32_t>(vector[i + 3]) << 24);
  }
}

void LayerEngine::run_line(const EngineDescriptor& layer, uint32_t line, uint32_t read) {
  const uint32_t width = layer.conv_width(), step = layer.step();
  const uint32_t in =
      ring_place(static_cast<uint32_t>(config_.in_words), uint64_t{layer.stride()} * width, line);
  uint32_t out =
      ring_place(static_cast<uint32_t>(config_.out_words), layer.line_results(), line / step);
  cut_line(layer, line, in);
  for (uint32_t c = 0; c < layer[Word::kColumnBlocks]; ++c) {
    const uint32_t results = layer.outputs(c) * width;
    for (uint32_t r = 0; r < layer[Word::kRowBlocks]; ++r, out += step * results)
      board_.multiply({layer[Word::kFirstBank] + r * layer[Word::kColumnBlocks] + c, layer.rows(r),
                       4 * layer.outputs(c), width, in + r * layer[Word::kBlockRows] / 4,
                       layer.stride(), out + line % step * results, read, layer[Word::kAdc]});
  }
}

/// The largest sum over the row blocks in a pooling window; `at` is the first row block's first
/// one.
int64_t LayerEngine::pooled_sum(const EngineDescriptor& layer, uint32_t at, uint32_t outputs,
                                uint32_t column) const {
  const uint32_t line = outputs * layer.conv_width(), step = layer.step();
  int64_t largest = 0;
  for (uint32_t k = 0; k < step * step; ++k) {
    uint32_t from = at + (column * step + k / step) * outputs + k % step * line;
    int64_t sum = 0;
    for (uint32_t r = 0; r < layer[Word::kRowBlocks]; ++r, from += step * line)
      sum += board_.output(from);
    largest = k == 0 ? sum : std::max(largest, sum);
  }
  return largest;
}

uint64_t LayerEngine::bias(const EngineDescriptor& layer, uint32_t channel) const {
  const uint32_t at = word_of(layer[Word::kBiasAt]) + channel * (layer.wide() ? 2 : 1);
  if (layer.wide()) return board_.memory(at) | uint64_t{board_.memory(at + 1)} << 32;
  return static_cast<uint64_t>(int64_t{static_cast<int32_t>(board_.memory(at))});
}

void LayerEngine::put_logit(const EngineDescriptor& layer, int64_t logit) {
  board_.set_memory(logit_at_++, static_cast<uint32_t>(logit));
  if (layer.wide()) board_.set_memory(logit_at_++, static_cast<uint32_t>(logit >> 32));
}

void LayerEngine::post_process(const EngineDescriptor& layer, uint32_t line) {
  const uint32_t width = layer.out_width(), plane = width * layer.out_height();
  uint32_t at = ring_place(static_cast<uint32_t>(config_.out_words), layer.line_results(), line);
  const Requantiser requantised{layer[Word::kMultiplier], static_cast<int>(layer[Word::kShift])};
  uint32_t channel = 0;
  for (uint32_t c = 0; c < layer[Word::kColumnBlocks]; ++c) {
    const uint32_t outputs = layer.outputs(c);
    for (uint32_t o = 0; o < outputs; ++o, ++channel) {
      const uint64_t bias = this->bias(layer, channel);
      for (uint32_t column = 0; column < width; ++column) {
        const int64_t v =
            wrapped(static_cast<uint64_t>(pooled_sum(layer, at + o, outputs, column)) + bias);
        if (&layer == &layers_.back())
          put_logit(layer, v);
        else
          out_[channel * plane + line * width + column] = requantised(v);
      }
    }
    at += layer[Word::kRowBlocks] * outputs * layer.conv_width() * layer.step();
  }
}

}  // namespace crucible::models
