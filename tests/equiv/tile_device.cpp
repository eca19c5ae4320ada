#include "tests/equiv/tile_device.hpp"

namespace crucible::sim {
namespace {
constexpr uint32_t kWord = sizeof(uint32_t);
constexpr uint32_t kJobDeadline =
    50'000'000;  // cycles; the longest job of any configuration is far shorter

uint32_t field(uint32_t value, uint32_t lsb) { return value << lsb; }
}  // namespace

void TileDevice::program(int bank, const models::BankCells& cells) {
  const int rows = config_.rows;
  const int cols = config_.cols;
  std::vector<uint32_t> levels(static_cast<size_t>(rows * level_words()));
  std::vector<uint32_t> offsets(static_cast<size_t>(rows * cols / 4));
  for (int row = 0; row < rows; ++row) {
    for (int col = 0; col < cols; ++col) {
      const auto cell = static_cast<size_t>(row * cols + col);
      levels[static_cast<size_t>(row * level_words() + col / 16)] |= uint32_t{cells.levels[cell]}
                                                                     << (2 * (col % 16));
      offsets[cell / 4] |= uint32_t{static_cast<uint8_t>(cells.offsets[cell])} << (8 * (cell % 4));
    }
  }
  client_.put(spec::kWindowLevel + kWord * static_cast<uint32_t>(bank * rows * level_words()),
              levels);
  client_.put(spec::kWindowOffset + kWord * static_cast<uint32_t>(bank * rows * cols / 4), offsets);
}

models::BankCells TileDevice::read_back(int bank) {
  const int rows = config_.rows;
  const int cols = config_.cols;
  const auto levels =
      client_.get(spec::kWindowLevel + kWord * static_cast<uint32_t>(bank * rows * level_words()),
                  static_cast<size_t>(rows * level_words()));
  const auto offsets =
      client_.get(spec::kWindowOffset + kWord * static_cast<uint32_t>(bank * rows * cols / 4),
                  static_cast<size_t>(rows * cols / 4));
  models::BankCells cells{.rows = rows, .cols = cols, .levels = {}, .offsets = {}};
  for (int row = 0; row < rows; ++row) {
    for (int col = 0; col < cols; ++col) {
      const auto cell = static_cast<size_t>(row * cols + col);
      cells.levels.push_back(
          (levels[static_cast<size_t>(row * level_words() + col / 16)] >> (2 * (col % 16))) & 3);
      cells.offsets.push_back(static_cast<int8_t>(offsets[cell / 4] >> (8 * (cell % 4))));
    }
  }
  return cells;
}

void TileDevice::poke(int bank, int row, int col, int8_t offset) {
  const auto cell = static_cast<uint32_t>((bank * config_.rows + row) * config_.cols + col);
  const uint32_t word = field(cell, spec::kCellPokeCellLsb) | static_cast<uint8_t>(offset);
  client_.poke({&word, 1});
}

void TileDevice::apply(const models::TileSettings& settings) {
  client_.put_word(spec::kRegInject,
                   field(settings.inject, spec::kInjectEnableLsb) |
                       field(static_cast<uint32_t>(settings.lsb_exp), spec::kInjectLsbExpLsb));
  client_.put_word(spec::kRegBase, static_cast<uint32_t>(settings.base));
  client_.put_word(spec::kRegAdc,
                   field(static_cast<uint32_t>(settings.adc.shift), spec::kAdcShiftLsb) |
                       field(static_cast<uint32_t>(settings.adc.bits), spec::kAdcBitsLsb) |
                       field(settings.adc.transparent, spec::kAdcTransparentLsb));
  std::vector<uint32_t> words(static_cast<size_t>(config_.cols));
  for (size_t i = 0; i < settings.adc_offset.size(); ++i)
    words[i] = static_cast<uint32_t>(int32_t{settings.adc_offset[i]});
  client_.put(spec::kWindowAdcOffset, words);
}

void TileDevice::load(uint32_t first, std::span<const uint8_t> inputs) {
  std::vector<uint32_t> words((inputs.size() + kWord - 1) / kWord);
  for (size_t i = 0; i < inputs.size(); ++i)
    words[i / kWord] |= uint32_t{inputs[i]} << (8 * (i % kWord));
  client_.put(spec::kWindowInput + kWord * first, words);
}

void TileDevice::start(const Job& job) {
  // One frame: the registers are neighbours, JOB_START last.
  const uint32_t words[] = {job.bank, job.rows,   job.cols, job.count,
                            job.in,   job.stride, job.out,  spec::kJobStartStartMask};
  static_assert(spec::kRegJobStart == spec::kRegJobBank + 7 * kWord);
  client_.put(spec::kRegJobBank, words);
}

void TileDevice::wait() { client_.wait(kJobDeadline); }

std::vector<int64_t> TileDevice::results(const Job& job) {
  const size_t count = size_t{job.count} * (job.cols / 4);
  const auto low = client_.get(spec::kWindowOutputLo + kWord * job.out, count);
  const auto high = client_.get(spec::kWindowOutputHi + kWord * job.out, count);
  std::vector<int64_t> values(count);
  for (size_t i = 0; i < count; ++i)
    values[i] = static_cast<int64_t>((uint64_t{high[i]} << 32) | low[i]);
  return values;
}

models::TileCounters TileDevice::counters() {
  return {client_.get_word(spec::kRegProducts), client_.get_word(spec::kRegSaturations)};
}

}  // namespace crucible::sim
