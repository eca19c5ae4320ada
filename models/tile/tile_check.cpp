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

}  // namespace

void check_settings(const TileSettings& settings, int cols) {
  check_range("lsb_exp", settings.lsb_exp, 8, 18);
  check_range("base", settings.base, 0, 255);
  check_range("ADC shift", settings.adc.shift, 0, 27);
  check_range("ADC bits", settings.adc.bits, 1, 12);
  if (!settings.adc_offset.empty() && settings.adc_offset.size() != static_cast<size_t>(cols)) {
    throw Error(ErrorKind::kUsage,
                fmt::format("tile: {} ADC offsets for {} physical columns; give one each, or none",
                            settings.adc_offset.size(), cols));
  }
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
  check_settings(settings, cells.cols);
  const size_t expected = size_t{1} * cells.rows * cells.cols;
  if (cells.levels.size() != expected || cells.offsets.size() != expected) {
    throw Error(
        ErrorKind::kUsage,
        fmt::format("tile: {} levels and {} offsets for {} x {} cells; give {} of each",
                    cells.levels.size(), cells.offsets.size(), cells.rows, cells.cols, expected));
  }
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
