// A bank with the transparent ADC: nothing is rounded, so the planes and slices collapse into one
// integer weight per output.
#pragma once

#include <vector>

#include "models/tile/column_tables.hpp"

namespace crucible::models {

class TransparentBank final : public PreparedBank {
 public:
  /// Arguments must have passed check_bank().
  TransparentBank(const Conductances& conductances, const TileSettings& settings,
                  ColumnKernels kernels);

  void multiply(uint32_t first_read, std::span<const uint8_t> x, int count, std::span<int64_t> out,
                TileCounters& counters) const override;
  [[nodiscard]] int64_t largest_sum(std::span<const uint8_t> x, int count) const override;

 private:
  int rows_;
  int outputs_;
  std::vector<int32_t> weights_;   ///< [rows][outputs], LSB of 2^-lsb_exp level
  std::vector<int64_t> constant_;  ///< [outputs], what the ADC offsets give
  ColumnTables tables_;            ///< the column sums themselves
  ColumnKernels kernels_;
};

}  // namespace crucible::models
