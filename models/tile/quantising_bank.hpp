// A bank with the quantising ADC: column sums by table, conversion by the chosen kernel.
#pragma once

#include "models/tile/column_tables.hpp"

namespace crucible::models {

class QuantisingBank final : public PreparedBank {
 public:
  /// Arguments must have passed check_bank().
  QuantisingBank(const Conductances& conductances, const TileSettings& settings,
                 ColumnKernels kernels)
      : tables_(conductances, settings), kernels_(kernels) {}

  void multiply(uint32_t first_read, std::span<const uint8_t> x, int count, std::span<int64_t> out,
                TileCounters& counters) const override;
  [[nodiscard]] int64_t largest_sum(std::span<const uint8_t> x, int count) const override;

 private:
  ColumnTables tables_;
  ColumnKernels kernels_;
};

}  // namespace crucible::models
