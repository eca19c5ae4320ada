// A bank with a draw of noise for every cell, read and plane. Plain loops: the noise leaves nothing
// to tabulate.
#pragma once

#include <array>
#include <vector>

#include "models/tile/cell_steps.hpp"
#include "models/tile/column_converters.hpp"
#include "models/tile/column_tables.hpp"

namespace crucible::models {

class CellNoiseBank final : public PreparedBank {
 public:
  /// Arguments must have passed check_bank().
  CellNoiseBank(const BankCells& cells, int rows_used, int cols_used, const TileSettings& settings,
                ColumnKernels kernels);

  void multiply(uint32_t first_read, std::span<const uint8_t> x, int count, std::span<int64_t> out,
                TileCounters& counters) const override;
  [[nodiscard]] int64_t largest_sum(std::span<const uint8_t> x, int count) const override;

 private:
  struct Scratch {
    std::vector<int64_t> sums;                   ///< [planes][cols]
    std::array<std::vector<uint32_t>, 2> draws;  ///< [cols] of a pair of planes
    std::vector<int32_t> row;                    ///< [cols], a row's conductances
  };
  void read_row(uint32_t read, int r, uint8_t bits, Scratch& scratch, uint64_t& clamps) const;

  BankCells cells_;
  TileSettings settings_;
  CellSteps steps_;
  int rows_, cols_;
  std::vector<int32_t> quiet_;   ///< [rows][cols], conductances before the noise
  std::vector<uint32_t> sigma_;  ///< [rows][cols]
  std::vector<bool> near_rail_;  ///< rows with a cell that a rail can limit
  ColumnConverters converters_;
  ColumnTables tables_;  ///< without noise
  ColumnKernels kernels_;
};

}  // namespace crucible::models
