// Ranges of what a bank is given; every violation is an Error that names place and value.
#pragma once

#include <cstddef>

#include "models/tile/tile_twin.hpp"

namespace crucible::models {

/// Largest number of rows: keeps every sum of a column within 32 bits (1024 * (2 B + 3) levels *
/// 2^18 < 2^31).
inline constexpr int kMaxRows = 1024;

/// Throws crucible::Error(kUsage) unless settings and cells are legal and rows and columns in use
/// exist.
void check_bank(const BankCells& cells, int rows_used, int cols_used, const TileSettings& settings);

/// Throws crucible::Error(kInternal) unless the spans of a product have the sizes that count asks
/// for.
void check_product(size_t x_size, size_t out_size, int rows_used, int cols_used, int count);

/// Settings alone, for banks of `rows` rows and `cols` physical columns. Throws
/// crucible::Error(kUsage).
void check_settings(const TileSettings& settings, int rows, int cols);

}  // namespace crucible::models
