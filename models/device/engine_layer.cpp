#include "models/device/engine_layer.hpp"

#include <algorithm>

#include "models/device/register_rules.hpp"
#include "spec/gen/crucible_map.hpp"

namespace crucible::models {
namespace {

using Word = EngineDescriptor::Word;

constexpr uint32_t kMostSide = 4096;
constexpr uint32_t kMostShift = 62;

uint32_t out_side(uint32_t in, uint32_t pad, uint32_t kernel) { return in + 2 * pad - kernel + 1; }

bool legal_adc(uint32_t word) {
  return legal_register_value(*spec::find_register(spec::kRegAdc), word);
}

/// Whether word `which` is within the range that it has by itself.
bool in_range(const spec::HardwareConfig& config, uint32_t which, uint32_t word) {
  const auto within = [word](uint32_t least, int most) {
    return word >= least && word <= static_cast<uint32_t>(most);
  };
  switch (which) {
    case Word::kFlags:
      return (word & ~(EngineDescriptor::kPool | EngineDescriptor::kWide)) == 0;
    case Word::kPad:
      return word < kMostSide;
    case Word::kAdc:
      return legal_adc(word);
    case Word::kRowBlocks:
    case Word::kColumnBlocks:
      return within(1, config.banks);
    case Word::kBlockRows:
      return within(1, config.rows) && word % 4 == 0;
    case Word::kBlockOutputs:
      return within(1, config.cols / 4);
    case Word::kFirstBank:
      return within(0, config.banks - 1);
    case Word::kBiasAt:
      return in_board_memory(config, word, 1);
    case Word::kMultiplier:
      return word <= 0xFFFF;
    case Word::kShift:
      return word <= kMostShift;
    default:
      return word >= 1 && word <= kMostSide;
  }
}

/// `blocks` blocks of `size` hold `count`, and one less does not.
bool cuts(uint64_t blocks, uint64_t size, uint64_t count) {
  return (blocks - 1) * size < count && count <= blocks * size;
}

}  // namespace

uint64_t EngineDescriptor::fan_in() const {
  return uint64_t{words[kInChannels]} * words[kKernel] * words[kKernel];
}

uint32_t EngineDescriptor::conv_height() const {
  return out_side(words[kInHeight], words[kPad], words[kKernel]);
}

uint32_t EngineDescriptor::conv_width() const {
  return out_side(words[kInWidth], words[kPad], words[kKernel]);
}

uint64_t EngineDescriptor::in_size() const {
  return uint64_t{words[kInChannels]} * words[kInHeight] * words[kInWidth];
}

uint64_t EngineDescriptor::out_size() const {
  return uint64_t{words[kOutChannels]} * out_height() * out_width();
}

uint32_t EngineDescriptor::outputs(uint32_t column_block) const {
  return std::min(words[kBlockOutputs], words[kOutChannels] - column_block * words[kBlockOutputs]);
}

uint32_t EngineDescriptor::rows(uint32_t row_block) const {
  return std::min(words[kBlockRows],
                  static_cast<uint32_t>(fan_in()) - row_block * words[kBlockRows]);
}

uint64_t EngineDescriptor::line_results() const {
  return uint64_t{words[kRowBlocks]} * words[kOutChannels] * conv_width() * step();
}

bool in_board_memory(const spec::HardwareConfig& config, uint32_t address, uint64_t bytes) {
  return address >= spec::kWindowMemory && address % 4 == 0 &&
         address - spec::kWindowMemory + bytes <= static_cast<uint64_t>(config.memory_bytes);
}

std::optional<Word> illegal_word(const spec::HardwareConfig& config, const EngineDescriptor& layer,
                                 const EngineLayerPlace& place) {
  for (uint32_t which = 0; which < Word::kWords; ++which)
    if (!in_range(config, which, layer.words[which])) return static_cast<Word>(which);

  const uint32_t kernel = layer[Word::kKernel], outputs = layer[Word::kOutChannels];
  const uint64_t in_words = static_cast<uint64_t>(config.in_words);
  if (layer[Word::kPad] >= kernel) return Word::kPad;
  if (kernel > std::min(layer[Word::kInHeight], layer[Word::kInWidth]) + 2 * layer[Word::kPad])
    return Word::kKernel;
  if (layer.fan_in() > 4 * in_words) return Word::kInChannels;
  if (layer.pool() && (place.last || std::min(layer.conv_height(), layer.conv_width()) < 2))
    return Word::kFlags;
  if (layer.in_size() > activation_bytes(config)) return Word::kInHeight;
  if (uint64_t{layer.stride()} * layer.conv_width() > in_words) return Word::kInWidth;
  if (!place.first && layer.in_size() != place.in_size) return Word::kInChannels;
  if (!cuts(layer[Word::kColumnBlocks], layer[Word::kBlockOutputs], outputs))
    return Word::kColumnBlocks;
  if (place.last && layer.conv_height() != 1) return Word::kInHeight;
  if (place.last && layer.conv_width() != 1) return Word::kInWidth;
  if (!cuts(layer[Word::kRowBlocks], layer[Word::kBlockRows], layer.fan_in()))
    return Word::kRowBlocks;
  if (layer[Word::kFirstBank] + layer[Word::kRowBlocks] * layer[Word::kColumnBlocks] >
      static_cast<uint32_t>(config.banks))
    return Word::kFirstBank;
  if (layer.line_results() > static_cast<uint64_t>(config.out_words)) return Word::kInWidth;
  if (place.last ? layer[Word::kMultiplier] != 0 : layer[Word::kMultiplier] < 1u << 15)
    return Word::kMultiplier;
  if (place.last != (layer[Word::kShift] == 0)) return Word::kShift;
  if (!in_board_memory(config, layer[Word::kBiasAt], uint64_t{outputs} * (layer.wide() ? 8 : 4)))
    return Word::kBiasAt;
  return std::nullopt;
}

}  // namespace crucible::models
