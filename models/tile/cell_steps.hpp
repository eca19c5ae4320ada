// The steps from the cells' targets to what their columns see, a row at a time: docs/numerics.md,
// "One cell".
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/tile/cell.hpp"
#include "models/tile/tile_twin.hpp"

namespace crucible::models {

/// Conductances in LSB of 2^-lsb_exp level. Both arguments must outlive it.
class CellSteps {
 public:
  CellSteps(const BankCells& cells, const TileSettings& settings)
      : cells_(cells), settings_(settings), scale_{settings.lsb_exp, settings.base} {}

  /// G3 of the first cells of a row: target, device-to-device, drift, stuck.
  void before_noise(int row, std::span<int32_t> g) const;
  /// G5 of G4; returns how many a rail has limited.
  [[nodiscard]] uint64_t clamp(std::span<int32_t> g) const;
  /// G of G5.
  void attenuate(int row, std::span<int32_t> g) const;

  [[nodiscard]] int32_t upper_rail() const { return scale_.upper_rail(); }

 private:
  const BankCells& cells_;
  const TileSettings& settings_;
  CellScale scale_;
};

/// What the cells in use conduct in every read, without noise of cells.
struct Conductances {
  Conductances(const BankCells& cells, int rows_used, int cols_used, const TileSettings& settings);

  [[nodiscard]] const int32_t* row(int r) const {
    return values.data() + static_cast<size_t>(r) * cols;
  }

  int rows = 0;
  int cols = 0;
  std::vector<int32_t> values;  ///< [rows][cols]
  uint64_t clamps = 0;          ///< how many of them a rail limited
};

}  // namespace crucible::models
