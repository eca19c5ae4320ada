// The definition of docs/numerics.md, line by line, in 64-bit integers; slow on purpose.
#include <algorithm>

#include "models/tile/tile_check.hpp"
#include "models/tile/tile_twin.hpp"

namespace crucible::models {

void reference_multiply(const BankCells& cells, int rows_used, int cols_used,
                        const TileSettings& settings, std::span<const uint8_t> x, int count,
                        std::span<int64_t> out, TileCounters& counters) {
  check_bank(cells, rows_used, cols_used, settings);
  check_product(x.size(), out.size(), rows_used, cols_used, count);
  const int s = settings.lsb_exp;
  const int64_t base = int64_t{settings.base} << (s - 8);
  const int64_t upper_rail = 2 * base + (int64_t{3} << s);
  const int shift = settings.adc.shift;
  const int64_t half = shift > 0 ? int64_t{1} << (shift - 1) : 0;
  const int64_t max_code = (int64_t{1} << settings.adc.bits) - 1;

  for (int k = 0; k < count; ++k) {
    const auto input = x.subspan(static_cast<size_t>(k) * rows_used, rows_used);
    for (int o = 0; o < cols_used / 4; ++o) {
      int64_t result = 0;
      for (int j = 0; j < 4; ++j) {
        const int column = 4 * o + j;
        const int64_t slice_weight = j % 2 == 0 ? 1 : 4;
        const int64_t sign = j < 2 ? 1 : -1;
        for (int p = 0; p < 8; ++p) {
          int64_t sum = 0;
          for (int r = 0; r < rows_used; ++r) {
            const size_t cell = static_cast<size_t>(r) * cells.cols + column;
            const int64_t off = settings.inject ? cells.offsets[cell] : 0;
            const int64_t conductance =
                std::clamp(base + (int64_t{cells.levels[cell]} << s) + off, int64_t{0}, upper_rail);
            sum += ((input[r] >> p) & 1) * conductance;
          }
          const int64_t adc_off = settings.adc_offset.empty() ? 0 : settings.adc_offset[column];
          const int64_t analog = sum + adc_off * (int64_t{1} << (s - 8));
          int64_t code = analog;
          if (!settings.adc.transparent) {
            const int64_t unclamped = (analog + half) >> shift;
            code = std::clamp(unclamped, int64_t{0}, max_code);
            if (code != unclamped) ++counters.saturations;
          }
          result += sign * slice_weight * (code * (int64_t{1} << p));
        }
      }
      out[static_cast<size_t>(k) * (cols_used / 4) + o] = result;
    }
  }
  counters.products += static_cast<uint64_t>(count);
}

}  // namespace crucible::models
