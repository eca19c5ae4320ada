#include "models/device/device_memory.hpp"

#include <algorithm>

namespace crucible::models {

namespace {

constexpr uint32_t kOffsetCells = 4;   // of a word of window OFFSET
constexpr uint32_t kStepsPerWord = 4;  // of the tables of non-linearity
constexpr uint32_t kWordsOfSteps = 4;  // of a row or column
constexpr uint32_t kLossMask = 0x7FFF;
constexpr uint32_t kReservedBit = 0x8000;

uint32_t packed_steps(const std::vector<int8_t>& steps, uint32_t index) {
  uint32_t word = 0;
  for (uint32_t i = 0; i < kStepsPerWord; ++i)
    word |= uint32_t{static_cast<uint8_t>(steps[index * kStepsPerWord + i])} << (8 * i);
  return word;
}

void unpack_steps(std::vector<int8_t>& steps, uint32_t index, uint32_t word) {
  for (uint32_t i = 0; i < kStepsPerWord; ++i)
    steps[index * kStepsPerWord + i] = static_cast<int8_t>(word >> (8 * i));
}

bool any_pair_at_three(uint32_t word) { return (word & word >> 1 & 0x55555555) != 0; }

}  // namespace

DeviceMemory::DeviceMemory(const spec::HardwareConfig& config)
    : config_(config),
      level_cells_(static_cast<uint32_t>(std::min(16, config.cols))),
      banks_(static_cast<size_t>(config.banks)),
      versions_(static_cast<size_t>(config.banks)),
      adc_offset_(static_cast<size_t>(config.cols)),
      input_(static_cast<size_t>(config.in_words)),
      output_(static_cast<size_t>(config.out_words)) {
  const auto rows = static_cast<size_t>(config.rows), cols = static_cast<size_t>(config.cols);
  uint32_t number = 0;
  for (BankCells& bank : banks_) {
    bank.rows = config.rows;
    bank.cols = config.cols;
    bank.bank = number++;
    bank.levels.resize(rows * cols);
    bank.offsets.resize(rows * cols);
    if (config.effects != 0) bank.stuck.resize(rows * cols);
  }
  if (config.effects == 0) return;
  tables_.row_loss.resize(rows);
  tables_.dac_offset.resize(rows);
  tables_.dac_gain.resize(rows);
  tables_.dac_inl.resize(rows * kStepsPerWord * kWordsOfSteps);
  tables_.col_loss.resize(cols);
  tables_.adc_gain_error.resize(cols);
  tables_.adc_inl_steps.resize(cols * kStepsPerWord * kWordsOfSteps);
}

std::optional<WindowWord> DeviceMemory::find(uint32_t address) const {
  const auto cols = static_cast<uint32_t>(config_.cols), rows = static_cast<uint32_t>(config_.rows);
  const auto all_rows = static_cast<uint32_t>(config_.banks) * rows;
  const uint32_t effects = config_.effects != 0 ? 1 : 0;
  const struct {
    Window window;
    uint32_t base, words;
  } windows[] = {
      {Window::kAdcOffset, spec::kWindowAdcOffset, cols},
      {Window::kColumnTable, spec::kWindowColumnTable, effects * cols},
      {Window::kRowTable, spec::kWindowRowTable, effects * rows},
      {Window::kAdcInl, spec::kWindowAdcInl, effects * kWordsOfSteps * cols},
      {Window::kDacInl, spec::kWindowDacInl, effects * kWordsOfSteps * rows},
      {Window::kInput, spec::kWindowInput, static_cast<uint32_t>(config_.in_words)},
      {Window::kOutputLo, spec::kWindowOutputLo, static_cast<uint32_t>(config_.out_words)},
      {Window::kOutputHi, spec::kWindowOutputHi, static_cast<uint32_t>(config_.out_words)},
      {Window::kLevel, spec::kWindowLevel, all_rows * (cols / level_cells_)},
      {Window::kOffset, spec::kWindowOffset, all_rows * (cols / kOffsetCells)},
      {Window::kStuck, spec::kWindowStuck, effects * all_rows * (cols / level_cells_)},
  };
  for (const auto& [window, base, words] : windows) {
    if (address >= base && (address - base) / 4 < words)
      return WindowWord{window, (address - base) / 4};
  }
  return std::nullopt;
}

DeviceMemory::Place DeviceMemory::place(uint32_t index, uint32_t cells_per_word) const {
  const size_t cell = size_t{index} * cells_per_word;
  const size_t bank_cells = banks_.front().levels.size();
  return {cell / bank_cells, cell % bank_cells};
}

uint32_t DeviceMemory::read(WindowWord where) const {
  const auto [window, index] = where;
  const auto pack = [](const std::vector<uint8_t>& cells, size_t first, uint32_t count) {
    uint32_t word = 0;
    for (uint32_t i = 0; i < count; ++i) word |= uint32_t{cells[first + i]} << (2 * i);
    return word;
  };
  switch (window) {
    case Window::kAdcOffset:
      return static_cast<uint32_t>(int32_t{adc_offset_[index]});
    case Window::kColumnTable:
      return tables_.col_loss[index] |
             uint32_t{static_cast<uint16_t>(tables_.adc_gain_error[index])} << 16;
    case Window::kRowTable:
      return tables_.row_loss[index] |
             uint32_t{static_cast<uint8_t>(tables_.dac_offset[index])} << 16 |
             uint32_t{static_cast<uint8_t>(tables_.dac_gain[index])} << 24;
    case Window::kAdcInl:
      return packed_steps(tables_.adc_inl_steps, index);
    case Window::kDacInl:
      return packed_steps(tables_.dac_inl, index);
    case Window::kInput:
      return input_[index];
    case Window::kOutputLo:
      return static_cast<uint32_t>(output_[index]);
    case Window::kOutputHi:
      return static_cast<uint32_t>(output_[index] >> 32);
    case Window::kLevel: {
      const Place at = place(index, level_cells_);
      return pack(banks_[at.bank].levels, at.cell, level_cells_);
    }
    case Window::kStuck: {
      const Place at = place(index, level_cells_);
      return pack(banks_[at.bank].stuck, at.cell, level_cells_);
    }
    case Window::kOffset: {
      const Place at = place(index, kOffsetCells);
      return packed_steps(banks_[at.bank].offsets, static_cast<uint32_t>(at.cell / kOffsetCells));
    }
  }
  return 0;
}

bool DeviceMemory::legal(WindowWord where, uint32_t word) {
  switch (where.window) {
    case Window::kAdcOffset:
      return word == static_cast<uint32_t>(int32_t{static_cast<int16_t>(word)});
    case Window::kColumnTable:
    case Window::kRowTable:
      return (word & kReservedBit) == 0;
    case Window::kStuck:
      return !any_pair_at_three(word);
    default:
      return true;
  }
}

void DeviceMemory::write(WindowWord where, uint32_t word) {
  const auto [window, index] = where;
  const auto unpack = [word](std::vector<uint8_t>& cells, size_t first, uint32_t count) {
    for (uint32_t i = 0; i < count; ++i) cells[first + i] = word >> (2 * i) & 3;
  };
  switch (window) {
    case Window::kAdcOffset:
      adc_offset_[index] = static_cast<int16_t>(word);
      break;
    case Window::kColumnTable:
      tables_.col_loss[index] = word & kLossMask;
      tables_.adc_gain_error[index] = static_cast<int16_t>(word >> 16);
      break;
    case Window::kRowTable:
      tables_.row_loss[index] = word & kLossMask;
      tables_.dac_offset[index] = static_cast<int8_t>(word >> 16);
      tables_.dac_gain[index] = static_cast<int8_t>(word >> 24);
      break;
    case Window::kAdcInl:
      unpack_steps(tables_.adc_inl_steps, index, word);
      break;
    case Window::kDacInl:
      unpack_steps(tables_.dac_inl, index, word);
      break;
    case Window::kInput:
      input_[index] = word;
      break;
    case Window::kOutputLo:
    case Window::kOutputHi:
      break;
    case Window::kLevel:
    case Window::kStuck: {
      const Place at = place(index, level_cells_);
      BankCells& bank = banks_[at.bank];
      unpack(window == Window::kLevel ? bank.levels : bank.stuck, at.cell, level_cells_);
      ++versions_[at.bank];
      break;
    }
    case Window::kOffset: {
      const Place at = place(index, kOffsetCells);
      unpack_steps(banks_[at.bank].offsets, static_cast<uint32_t>(at.cell / kOffsetCells), word);
      ++versions_[at.bank];
      break;
    }
  }
}

bool DeviceMemory::legal_poke(uint32_t word) const {
  return word >> spec::kCellPokeCellLsb <
         static_cast<uint32_t>(config_.banks * config_.rows * config_.cols);
}

void DeviceMemory::poke(uint32_t word) {
  const uint32_t cell = word >> spec::kCellPokeCellLsb;
  const Place at = place(cell, 1);
  banks_[at.bank].offsets[at.cell] = static_cast<int8_t>(word & spec::kCellPokeOffsetMask);
  ++versions_[at.bank];
}

std::vector<uint8_t> DeviceMemory::levels() const {
  std::vector<uint8_t> all;
  for (const BankCells& bank : banks_)
    all.insert(all.end(), bank.levels.begin(), bank.levels.end());
  return all;
}

void DeviceMemory::set_offsets(std::span<const int8_t> offsets) {
  for (size_t b = 0; b < banks_.size(); ++b) {
    const auto part = offsets.subspan(b * banks_[b].offsets.size(), banks_[b].offsets.size());
    std::copy(part.begin(), part.end(), banks_[b].offsets.begin());
    ++versions_[b];
  }
}

void DeviceMemory::set_stuck(std::span<const uint8_t> stuck) {
  for (size_t b = 0; b < banks_.size(); ++b) {
    const auto part = stuck.subspan(b * banks_[b].stuck.size(), banks_[b].stuck.size());
    std::copy(part.begin(), part.end(), banks_[b].stuck.begin());
    ++versions_[b];
  }
}

void DeviceMemory::clear_cells() {
  for (size_t b = 0; b < banks_.size(); ++b) {
    BankCells& bank = banks_[b];
    std::fill(bank.levels.begin(), bank.levels.end(), uint8_t{0});
    std::fill(bank.offsets.begin(), bank.offsets.end(), int8_t{0});
    std::fill(bank.stuck.begin(), bank.stuck.end(), uint8_t{0});
    ++versions_[b];
  }
}

}  // namespace crucible::models
