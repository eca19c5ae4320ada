// A layer as the layer engine runs it: its descriptor in board memory, checked, and what follows
// from it. docs/decisions/0010-layer-engine.md has the table.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "spec/gen/crucible_spec.hpp"

namespace crucible::models {

/// The words of a descriptor.
struct EngineDescriptor {
  enum Word : uint32_t {
    kFlags,
    kInChannels,
    kInHeight,
    kInWidth,
    kKernel,
    kPad,
    kOutChannels,
    kAdc,
    kRowBlocks,
    kColumnBlocks,
    kBlockRows,
    kBlockOutputs,
    kFirstBank,
    kBiasAt,
    kMultiplier,
    kShift,
    kWords
  };
  static constexpr uint32_t kPool = 1, kWide = 2;  ///< of kFlags
  static constexpr uint32_t kMostLayers = 16;

  std::array<uint32_t, kWords> words{};

  [[nodiscard]] uint32_t operator[](Word word) const { return words[word]; }
  [[nodiscard]] bool pool() const { return (words[kFlags] & kPool) != 0; }
  [[nodiscard]] bool wide() const { return (words[kFlags] & kWide) != 0; }
  [[nodiscard]] uint32_t step() const { return pool() ? 2 : 1; }  ///< lines of a pooled line
  [[nodiscard]] uint64_t fan_in() const;
  [[nodiscard]] uint32_t conv_height() const;
  [[nodiscard]] uint32_t conv_width() const;
  [[nodiscard]] uint32_t out_height() const { return conv_height() / step(); }
  [[nodiscard]] uint32_t out_width() const { return conv_width() / step(); }
  [[nodiscard]] uint64_t in_size() const;   ///< bytes
  [[nodiscard]] uint64_t out_size() const;  ///< bytes, or logits
  /// Words of an input vector.
  [[nodiscard]] uint32_t stride() const { return static_cast<uint32_t>((fan_in() + 3) / 4); }
  /// Of a column block and of a row block.
  [[nodiscard]] uint32_t outputs(uint32_t column_block) const;
  [[nodiscard]] uint32_t rows(uint32_t row_block) const;
  /// Results of a pooled line.
  [[nodiscard]] uint64_t line_results() const;
};

/// Where a layer stands in its network.
struct EngineLayerPlace {
  bool first = false, last = false;
  uint64_t in_size = 0;  ///< what the layer before gives; not looked at in the first
};

/// Bytes of one activation memory.
constexpr uint32_t activation_bytes(const spec::HardwareConfig& config) {
  return 4 * static_cast<uint32_t>(config.in_words);
}

/// Whether `bytes` bytes from a byte address on, a multiple of 4, lie in board memory.
[[nodiscard]] bool in_board_memory(const spec::HardwareConfig& config, uint32_t address,
                                   uint64_t bytes);

/// The word that the engine refuses first, none where the layer is legal.
[[nodiscard]] std::optional<EngineDescriptor::Word> illegal_word(const spec::HardwareConfig& config,
                                                                 const EngineDescriptor& layer,
                                                                 const EngineLayerPlace& place);

}  // namespace crucible::models
