// See tile_check.hpp.
#include "models/tile/tile_check.hpp"

#include <fmt/format.h>

#include "models/error.hpp"

namespace crucible::models {
namespace {

void check_range(const char* what, int64_t value, int64_t lowest, int64_t highest) {
  if (value >= lowest && value <= highest) return;
  throw Error(ErrorKind::kUsage, fmt::format("tile: {} is {}; it must be between {} and {}", what,
                                             value, lowest, highest));
}

/// Empty, or an entry for each of `count` rows or columns.
template <class Value>
void check_table(const char* what, const std::vector<Value>& table, size_t count,
                 const char* of_what) {
  if (table.empty() || table.size() == count) return;
  throw Error(ErrorKind::kUsage, fmt::format("tile: {} {} for {} {}; give one each, or none",
                                             table.size(), what, count, of_what));
}

void check_effects(const EffectSettings& effects, int rows, int cols) {
  constexpr int kSteps = 16, kLargestLoss = (1 << 15) - 1;
  constexpr int64_t kLargestVariance = (1 << 24) - 1;
  check_range("noise of a cell", effects.noise_cell, 0, kLargestVariance);
  check_range("slope of the noise", effects.noise_slope, 0, kLargestVariance);
  const auto r = static_cast<size_t>(rows), c = static_cast<size_t>(cols);
  check_table("row losses", effects.row_loss, r, "rows");
  check_table("column losses", effects.col_loss, c, "physical columns");
  check_table("offsets of input converters", effects.dac_offset, r, "rows");
  check_table("gain errors of input converters", effects.dac_gain, r, "rows");
  check_table("steps of input converters", effects.dac_inl, kSteps * r, "steps, 16 a row");
  check_table("ADC gain errors", effects.adc_gain_error, c, "physical columns");
  check_table("ADC steps", effects.adc_inl_steps, kSteps * c, "steps, 16 a physical column");
  for (const uint16_t loss : effects.row_loss) check_range("row loss", loss, 0, kLargestLoss);
  for (const uint16_t loss : effects.col_loss) check_range("column loss", loss, 0, kLargestLoss);
}

}  // namespace

void check_settings(const TileSettings& settings, int rows, int cols) {
  check_range("lsb_exp", settings.lsb_exp, 8, 18);
  check_range("base", settings.base, 0, 255);
  check_range("ADC shift", settings.adc.shift, 0, 27);
  check_range("ADC bits", settings.adc.bits, 1, 12);
  check_table("ADC offsets", settings.adc_offset, static_cast<size_t>(cols), "physical columns");
  check_effects(settings.effects, rows, cols);
}

void check_bank(const BankCells& cells, int rows_used, int cols_used,
                const TileSettings& settings) {
  check_range("number of rows", cells.rows, 1, kMaxRows);
  check_range("number of physical columns", cells.cols, 4, 1 << 16);
  check_range("number of rows in use", rows_used, 1, cells.rows);
  check_range("number of columns in use", cols_used, 4, cells.cols);
  if (cells.cols % 4 != 0 || cols_used % 4 != 0) {
    throw Error(ErrorKind::kUsage,
                fmt::format("tile: {} physical columns, {} in use; both must be multiples of 4",
                            cells.cols, cols_used));
  }
  check_settings(settings, cells.rows, cells.cols);
  const size_t expected = size_t{1} * cells.rows * cells.cols;
  if (cells.levels.size() != expected || cells.offsets.size() != expected) {
    throw Error(
        ErrorKind::kUsage,
        fmt::format("tile: {} levels and {} offsets for {} x {} cells; give {} of each",
                    cells.levels.size(), cells.offsets.size(), cells.rows, cells.cols, expected));
  }
  check_table("stuck states", cells.stuck, expected, "cells");
  check_range("last cell's number", (int64_t{cells.bank} + 1) * cells.rows * cells.cols - 1, 0,
              (1 << 26) - 1);  // the noise addresses it with 26 bits
  for (size_t i = 0; i < cells.stuck.size(); ++i) check_range("stuck state", cells.stuck[i], 0, 2);
  for (size_t i = 0; i < expected; ++i) {
    if (cells.levels[i] <= 3) continue;
    throw Error(ErrorKind::kUsage,
                fmt::format("tile: level of row {}, column {} is {}; levels are 0 to 3",
                            i / cells.cols, i % cells.cols, cells.levels[i]));
  }
}

void check_product(size_t x_size, size_t out_size, int rows_used, int cols_used, int count) {
  const auto expected = [&](int each) { return static_cast<size_t>(count) * each; };
  if (count >= 0 && x_size == expected(rows_used) && out_size == expected(cols_used / 4)) return;
  throw Error(
      ErrorKind::kInternal,
      fmt::format("tile: {} inputs and {} results for {} products of {} rows and {} columns",
                  x_size, out_size, count, rows_used, cols_used));
}

}  // namespace crucible::models
