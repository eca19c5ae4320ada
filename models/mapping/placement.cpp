// See placement.hpp.
#include "models/mapping/placement.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/error.hpp"

namespace crucible::models {
namespace {

int ceil_div(int a, int b) { return (a + b - 1) / b; }

void check_geometry(const TileGeometry& geometry) {
  if (geometry.rows >= 4 && geometry.rows % 4 == 0 && geometry.cols >= 4 &&
      geometry.cols % 4 == 0 && geometry.banks >= 1) {
    return;
  }
  throw Error(ErrorKind::kUsage,
              fmt::format("mapping: a tile of {} rows, {} columns and {} banks; rows and columns "
                          "must be positive multiples of 4, and there must be a bank",
                          geometry.rows, geometry.cols, geometry.banks));
}

LayerPlacement place_layer(const LayerShape& layer, const TileGeometry& geometry, int first_bank) {
  LayerPlacement placement;
  const int inputs = layer.fan_in();
  placement.row_blocks = ceil_div(inputs, geometry.rows);
  placement.column_blocks = ceil_div(layer.out_channels, geometry.outputs());
  placement.block_rows = ceil_div(ceil_div(inputs, placement.row_blocks), 4) * 4;
  for (int r = 0; r < placement.row_blocks; ++r) {
    for (int c = 0; c < placement.column_blocks; ++c) {
      BankPlacement bank;
      bank.bank = first_bank++;
      bank.first_input = r * placement.block_rows;
      bank.inputs = std::min(placement.block_rows, inputs - bank.first_input);
      bank.first_output = c * geometry.outputs();
      bank.outputs = std::min(geometry.outputs(), layer.out_channels - bank.first_output);
      placement.banks.push_back(bank);
    }
  }
  return placement;
}

}  // namespace

size_t cell_index(const TileGeometry& geometry, const LayerPlacement& placement, int output,
                  int input, int slice, Polarity polarity) {
  const int row_block = input / placement.block_rows;
  const int column_block = output / geometry.outputs();
  const BankPlacement& bank = placement.banks[row_block * placement.column_blocks + column_block];
  const int row = input - bank.first_input;
  const int column = 4 * (output - bank.first_output) + 2 * static_cast<int>(polarity) + slice;
  return (static_cast<size_t>(bank.bank) * geometry.rows + row) * geometry.cols + column;
}

std::vector<LayerPlacement> place(const std::vector<LayerShape>& layers,
                                  const TileGeometry& geometry) {
  check_geometry(geometry);
  std::vector<LayerPlacement> placements;
  std::string demand;
  int banks = 0;
  for (const LayerShape& layer : layers) {
    placements.push_back(place_layer(layer, geometry, banks));
    const LayerPlacement& placement = placements.back();
    banks += static_cast<int>(placement.banks.size());
    demand += fmt::format("{}{} {} ({} x {})", demand.empty() ? "" : ", ", layer.name,
                          placement.banks.size(), placement.row_blocks, placement.column_blocks);
  }
  if (banks > geometry.banks) {
    const int missing = banks - geometry.banks;
    throw Error(ErrorKind::kUsage,
                fmt::format("mapping: the network needs {} banks of {} rows x {} columns ({}), the "
                            "tile has {}: {} bank{} of {} cells {} missing; use a configuration "
                            "with more banks or a smaller network",
                            banks, geometry.rows, geometry.cols, demand, geometry.banks, missing,
                            missing == 1 ? "" : "s", geometry.rows * geometry.cols,
                            missing == 1 ? "is" : "are"));
  }
  return placements;
}

}  // namespace crucible::models
