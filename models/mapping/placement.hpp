// Layers onto banks, weights onto cells. See docs/numerics.md, "A layer" and "One logical output".
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/network/network.hpp"

namespace crucible::models {

struct TileGeometry {
  int rows = 0;
  int cols = 0;  ///< physical
  int banks = 0;
  [[nodiscard]] int outputs() const { return cols / 4; }
  [[nodiscard]] size_t cells() const { return size_t{1} * rows * cols * banks; }
  friend bool operator==(const TileGeometry&, const TileGeometry&) = default;
};

/// Which part of a layer one bank holds.
struct BankPlacement {
  int bank = 0;
  int first_input = 0;  ///< row 0 of the bank is this input
  int inputs = 0;       ///< rows in use
  int first_output = 0;
  int outputs = 0;  ///< logical columns in use
};

struct LayerPlacement {
  int row_blocks = 0;
  int column_blocks = 0;
  int block_rows = 0;                ///< inputs per row block (the last may be smaller)
  std::vector<BankPlacement> banks;  ///< row blocks outermost
};

enum class Polarity { kPositive = 0, kNegative = 1 };

/// Index of a cell in arrays [banks][rows][cols].
[[nodiscard]] size_t cell_index(const TileGeometry& geometry, const LayerPlacement& placement,
                                int output, int input, int slice, Polarity polarity);

/// Places all layers, in order. Throws crucible::Error(kUsage) when the banks do not suffice.
[[nodiscard]] std::vector<LayerPlacement> place(const std::vector<LayerShape>& layers,
                                                const TileGeometry& geometry);

/// Offsets of all cells [banks][rows][cols], in LSB of 2^-lsb_exp level. A chip's deviation, as the
/// injection registers hold it.
using ChipOffsets = std::vector<int8_t>;

/// Stuck states of all cells [banks][rows][cols], 0 free, 1 off, 2 on; empty where none is stuck.
using ChipStuck = std::vector<uint8_t>;

}  // namespace crucible::models
