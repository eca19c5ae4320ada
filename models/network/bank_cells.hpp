// The cells of one bank of a compiled network.
#pragma once

#include "models/network/compiled_network.hpp"
#include "models/tile/tile_twin.hpp"

namespace crucible::models {

/// Levels, offsets and stuck states of bank `bank`; without offsets (an empty chip) all are zero,
/// without stuck states all cells are free.
[[nodiscard]] inline BankCells bank_cells(const CompiledNetwork& network,
                                          const ChipOffsets& offsets, int bank,
                                          const ChipStuck& stuck = {}) {
  const TileGeometry& geometry = network.geometry;
  const auto size = static_cast<std::ptrdiff_t>(geometry.rows) * geometry.cols;
  BankCells cells;
  cells.rows = geometry.rows;
  cells.cols = geometry.cols;
  const auto levels = network.levels.begin() + bank * size;
  cells.levels.assign(levels, levels + size);
  if (offsets.empty()) {
    cells.offsets.assign(static_cast<size_t>(size), 0);
  } else {
    cells.offsets.assign(offsets.begin() + bank * size, offsets.begin() + (bank + 1) * size);
  }
  if (!stuck.empty()) {
    cells.stuck.assign(stuck.begin() + bank * size, stuck.begin() + (bank + 1) * size);
  }
  cells.bank = static_cast<uint32_t>(bank);
  return cells;
}

}  // namespace crucible::models
