// A bank whose columns are converted one by one: noise of a column, gain and non-linearity of its
// ADC. Column sums by table all the same.
#pragma once

#include <vector>

#include "models/tile/column_converters.hpp"
#include "models/tile/column_tables.hpp"

namespace crucible::models {

class ColumnBank final : public PreparedBank {
 public:
  /// Arguments must have passed check_bank().
  ColumnBank(const BankCells& cells, const Conductances& conductances, const TileSettings& settings,
             ColumnKernels kernels);

  void multiply(uint32_t first_read, std::span<const uint8_t> x, int count, std::span<int64_t> out,
                TileCounters& counters) const override;
  [[nodiscard]] int64_t largest_sum(std::span<const uint8_t> x, int count) const override;

 private:
  struct Scratch;
  void add_noise(uint32_t read, Scratch& scratch) const;

  ColumnTables tables_;
  ColumnKernels kernels_;
  ColumnConverters converters_;
  bool noisy_;
  int lsb_exp_;
  uint64_t seed_;
  int64_t noise_cell_, noise_slope_;
  uint32_t first_column_;  ///< number of column 0 in the tile
};

}  // namespace crucible::models
