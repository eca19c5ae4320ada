// The memories of the functional device: cells, tables of rows and columns, input and output
// buffers, as the windows show them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "models/tile/tile_twin.hpp"
#include "spec/gen/crucible_spec.hpp"

namespace crucible::models {

enum class Window {
  kAdcOffset,
  kColumnTable,
  kRowTable,
  kAdcInl,
  kDacInl,
  kInput,
  kOutputLo,
  kOutputHi,
  kLevel,
  kOffset,
  kStuck
};

/// One word of a window.
struct WindowWord {
  Window window;
  uint32_t index;
};

class DeviceMemory {
 public:
  explicit DeviceMemory(const spec::HardwareConfig& config);

  /// Which word lies at a byte address (a multiple of 4); none where there is nothing.
  [[nodiscard]] std::optional<WindowWord> find(uint32_t address) const;
  [[nodiscard]] uint32_t read(WindowWord where) const;
  /// Whether every part of a word is within its range.
  [[nodiscard]] static bool legal(WindowWord where, uint32_t word);
  /// A legal word. Bits of LEVEL above the cells of a narrow row hold nothing and are ignored.
  /// Outputs are not writable.
  void write(WindowWord where, uint32_t word);

  [[nodiscard]] bool legal_poke(uint32_t word) const;
  void poke(uint32_t word);

  [[nodiscard]] const BankCells& bank(int index) const {
    return banks_[static_cast<size_t>(index)];
  }
  [[nodiscard]] const std::vector<int16_t>& adc_offset() const { return adc_offset_; }
  /// The tables of the effects; all else in it is at its default.
  [[nodiscard]] const EffectSettings& tables() const { return tables_; }
  /// Levels of all cells in the order of their numbers.
  [[nodiscard]] std::vector<uint8_t> levels() const;
  /// Of all cells in the order of their numbers.
  void set_offsets(std::span<const int8_t> offsets);
  void set_stuck(std::span<const uint8_t> stuck);
  /// Levels, offsets and stuck states become zero.
  void clear_cells();
  /// The words of the input window, row 0 of a vector in the low byte.
  [[nodiscard]] std::span<const uint32_t> inputs() const { return input_; }
  void set_output(size_t word, int64_t value) { output_[word] = value; }
  [[nodiscard]] int64_t output(size_t word) const { return output_[word]; }
  /// Counts every change of a bank's cells.
  [[nodiscard]] uint64_t version(int index) const { return versions_[static_cast<size_t>(index)]; }

 private:
  struct Place {
    size_t bank, cell;
  };
  [[nodiscard]] Place place(uint32_t index, uint32_t cells_per_word) const;

  spec::HardwareConfig config_;
  uint32_t level_cells_;  ///< levels in a word
  std::vector<BankCells> banks_;
  std::vector<uint64_t> versions_;
  std::vector<int16_t> adc_offset_;
  EffectSettings tables_;
  std::vector<uint32_t> input_;
  std::vector<int64_t> output_;
};

}  // namespace crucible::models
