// See transparent_bank.hpp. Exact: |weight| < 2^23, so |result| < 2^23 * 255 * 1024 + offsets <
// 2^42.
#include "models/tile/transparent_bank.hpp"

#include <algorithm>

#include "models/tile/cell.hpp"
#include "models/tile/tile_check.hpp"

namespace crucible::models {
namespace {

/// Weight of physical column c in its output: slices 1 and 4, negative polarity in the upper pair.
int32_t column_weight(int c) {
  const int32_t slice = c % 2 == 0 ? 1 : 4;
  return c % 4 < 2 ? slice : -slice;
}

}  // namespace

TransparentBank::TransparentBank(const BankCells& cells, int rows_used, int cols_used,
                                 const TileSettings& settings, ColumnKernels kernels)
    : rows_(rows_used),
      outputs_(cols_used / 4),
      weights_(static_cast<size_t>(rows_used) * outputs_),
      constant_(outputs_),
      sums_(cells, rows_used, cols_used, settings, kernels) {
  const CellScale scale{settings.lsb_exp, settings.base};
  for (int c = 0; c < cols_used; ++c) {
    for (int r = 0; r < rows_used; ++r) {
      const size_t cell = static_cast<size_t>(r) * cells.cols + c;
      const int offset = settings.inject ? cells.offsets[cell] : 0;
      weights_[static_cast<size_t>(r) * outputs_ + c / 4] +=
          column_weight(c) * scale.conductance(cells.levels[cell], offset);
    }
    const int64_t adc_off = settings.adc_offset.empty() ? 0 : settings.adc_offset[c];
    constant_[c / 4] +=
        column_weight(c) * adc_off * (1 << (settings.lsb_exp - 8)) * ((1 << kPlanes) - 1);
  }
}

void TransparentBank::multiply(uint32_t /*first_read*/, std::span<const uint8_t> x, int count,
                               std::span<int64_t> out, TileCounters& counters) const {
  check_product(x.size(), out.size(), rows_, 4 * outputs_, count);
  for (int k = 0; k < count; ++k) {
    const uint8_t* input = x.data() + static_cast<size_t>(k) * rows_;
    int64_t* result = out.data() + static_cast<size_t>(k) * outputs_;
    std::copy(constant_.begin(), constant_.end(), result);
    for (int r = 0; r < rows_; ++r) {
      if (input[r] == 0) continue;
      const int64_t value = input[r];
      const int32_t* weight = weights_.data() + static_cast<size_t>(r) * outputs_;
      for (int o = 0; o < outputs_; ++o) result[o] += value * weight[o];
    }
  }
  counters.products += static_cast<uint64_t>(count);
}

int64_t TransparentBank::largest_sum(std::span<const uint8_t> x, int count) const {
  return sums_.largest_sum(x, count);
}

}  // namespace crucible::models
