#include "host/port/model_memory.hpp"

#include <algorithm>

namespace crucible::port {

namespace {

constexpr uint32_t kOffsetCells = 4;  // of a word of window OFFSET

}  // namespace

ModelMemory::ModelMemory(const spec::HardwareConfig& config)
    : config_(config),
      level_cells_(static_cast<uint32_t>(std::min(16, config.cols))),
      banks_(static_cast<size_t>(config.banks)),
      versions_(static_cast<size_t>(config.banks)),
      adc_offset_(static_cast<size_t>(config.cols)),
      input_(static_cast<size_t>(config.in_words)),
      output_(static_cast<size_t>(config.out_words)) {
  const auto cells = static_cast<size_t>(config.rows) * static_cast<size_t>(config.cols);
  for (models::BankCells& bank : banks_) {
    bank.rows = config.rows;
    bank.cols = config.cols;
    bank.levels.resize(cells);
    bank.offsets.resize(cells);
  }
}

std::optional<WindowWord> ModelMemory::find(uint32_t address) const {
  const auto cols = static_cast<uint32_t>(config_.cols);
  const auto rows = static_cast<uint32_t>(config_.banks * config_.rows);
  const struct {
    Window window;
    uint32_t base, words;
  } windows[] = {
      {Window::kAdcOffset, spec::kWindowAdcOffset, cols},
      {Window::kInput, spec::kWindowInput, static_cast<uint32_t>(config_.in_words)},
      {Window::kOutputLo, spec::kWindowOutputLo, static_cast<uint32_t>(config_.out_words)},
      {Window::kOutputHi, spec::kWindowOutputHi, static_cast<uint32_t>(config_.out_words)},
      {Window::kLevel, spec::kWindowLevel, rows * (cols / level_cells_)},
      {Window::kOffset, spec::kWindowOffset, rows * (cols / kOffsetCells)},
  };
  for (const auto& [window, base, words] : windows) {
    if (address >= base && (address - base) / 4 < words)
      return WindowWord{window, (address - base) / 4};
  }
  return std::nullopt;
}

ModelMemory::Place ModelMemory::place(uint32_t index, uint32_t words_per_row,
                                      uint32_t cells_per_word) const {
  const uint32_t row = index / words_per_row;
  const auto rows = static_cast<uint32_t>(config_.rows);
  return {row / rows, size_t{row % rows} * static_cast<size_t>(config_.cols) +
                          size_t{index % words_per_row} * cells_per_word};
}

uint32_t ModelMemory::read(WindowWord where) const {
  const auto [window, index] = where;
  const auto cols = static_cast<uint32_t>(config_.cols);
  uint32_t word = 0;
  switch (window) {
    case Window::kAdcOffset:
      return static_cast<uint32_t>(int32_t{adc_offset_[index]});
    case Window::kInput:
      return input_[index];
    case Window::kOutputLo:
      return static_cast<uint32_t>(output_[index]);
    case Window::kOutputHi:
      return static_cast<uint32_t>(output_[index] >> 32);
    case Window::kLevel: {
      const Place at = place(index, cols / level_cells_, level_cells_);
      for (uint32_t i = 0; i < level_cells_; ++i)
        word |= uint32_t{banks_[at.bank].levels[at.cell + i]} << (2 * i);
      return word;
    }
    case Window::kOffset: {
      const Place at = place(index, cols / kOffsetCells, kOffsetCells);
      for (uint32_t i = 0; i < kOffsetCells; ++i) {
        word |= uint32_t{static_cast<uint8_t>(banks_[at.bank].offsets[at.cell + i])} << (8 * i);
      }
      return word;
    }
  }
  return 0;
}

void ModelMemory::write(WindowWord where, uint32_t word) {
  const auto [window, index] = where;
  const auto cols = static_cast<uint32_t>(config_.cols);
  switch (window) {
    case Window::kAdcOffset:
      adc_offset_[index] = static_cast<int16_t>(word);
      break;
    case Window::kInput:
      input_[index] = word;
      break;
    case Window::kOutputLo:
    case Window::kOutputHi:
      break;
    case Window::kLevel: {
      const Place at = place(index, cols / level_cells_, level_cells_);
      for (uint32_t i = 0; i < level_cells_; ++i)
        banks_[at.bank].levels[at.cell + i] = word >> (2 * i) & 3;
      ++versions_[at.bank];
      break;
    }
    case Window::kOffset: {
      const Place at = place(index, cols / kOffsetCells, kOffsetCells);
      for (uint32_t i = 0; i < kOffsetCells; ++i) {
        banks_[at.bank].offsets[at.cell + i] = static_cast<int8_t>(word >> (8 * i));
      }
      ++versions_[at.bank];
      break;
    }
  }
}

bool ModelMemory::legal_poke(uint32_t word) const {
  return word >> spec::kCellPokeCellLsb <
         static_cast<uint32_t>(config_.banks * config_.rows * config_.cols);
}

void ModelMemory::poke(uint32_t word) {
  const uint32_t cell = word >> spec::kCellPokeCellLsb;
  const auto bank_cells = static_cast<uint32_t>(config_.rows * config_.cols);
  banks_[cell / bank_cells].offsets[cell % bank_cells] =
      static_cast<int8_t>(word & spec::kCellPokeOffsetMask);
  ++versions_[cell / bank_cells];
}

}  // namespace crucible::port
