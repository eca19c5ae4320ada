// See transparent_bank.hpp. Exact: |weight| < 2^23, so |result| < 2^23 * 255 * 1024 + offsets <
// 2^42.
#include "models/tile/transparent_bank.hpp"

#include <algorithm>

#include "models/tile/cell_steps.hpp"
#include "models/tile/column_converters.hpp"
#include "models/tile/tile_check.hpp"

namespace crucible::models {

TransparentBank::TransparentBank(const Conductances& conductances, const TileSettings& settings,
                                 ColumnKernels kernels)
    : rows_(conductances.rows),
      outputs_(conductances.cols / 4),
      weights_(static_cast<size_t>(rows_) * outputs_),
      constant_(outputs_),
      tables_(conductances, settings),
      kernels_(kernels) {
  for (int r = 0; r < rows_; ++r) {
    const int32_t* conductance = conductances.row(r);
    for (int c = 0; c < conductances.cols; ++c) {
      weights_[static_cast<size_t>(r) * outputs_ + c / 4] +=
          ColumnConverters::weight(c) * conductance[c];
    }
  }
  for (int c = 0; c < conductances.cols; ++c) {
    const int64_t adc_off = settings.adc_offset.empty() ? 0 : settings.adc_offset[c];
    constant_[c / 4] += ColumnConverters::weight(c) * adc_off * (1 << (settings.lsb_exp - 8)) *
                        ((1 << kPlanes) - 1);
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
  tables_.count(count, counters);
}

int64_t TransparentBank::largest_sum(std::span<const uint8_t> x, int count) const {
  return tables_.largest_sum(kernels_, x, count);
}

}  // namespace crucible::models
