// See column_bank.hpp.
#include "models/tile/column_bank.hpp"

#include <algorithm>

#include "models/tile/cell_steps.hpp"
#include "models/tile/tile_check.hpp"
#include "models/tile/tile_noise.hpp"

namespace crucible::models {

/// Column sums of one vector.
struct ColumnBank::Scratch {
  explicit Scratch(const ColumnView& view)
      : blocks(static_cast<size_t>(view.blocks)),
        sums(kPlanes * blocks),
        draws(2 * kLanes * blocks) {}

  int32_t* plane(int p) { return sums[static_cast<size_t>(p) * blocks].lane; }

  size_t blocks;
  std::vector<LaneBlock> sums;  ///< [planes][blocks]
  std::vector<uint32_t> draws;  ///< [2][columns] of a pair of planes
  PlaneOnes ones{};
};

ColumnBank::ColumnBank(const BankCells& cells, const Conductances& conductances,
                       const TileSettings& settings, ColumnKernels kernels)
    : tables_(conductances, settings),
      kernels_(kernels),
      converters_(settings, conductances.cols),
      noisy_(settings.effects.noise == ReadNoise::kColumn),
      lsb_exp_(settings.lsb_exp),
      seed_(settings.effects.noise_seed),
      noise_cell_(settings.effects.noise_cell),
      noise_slope_(settings.effects.noise_slope),
      first_column_(cells.bank * static_cast<uint32_t>(cells.cols)) {}

void ColumnBank::add_noise(uint32_t read, Scratch& scratch) const {
  const int cols = 4 * tables_.view().outputs;
  uint32_t* const draws[2] = {scratch.draws.data(), scratch.draws.data() + cols};
  for (int p = 0; p < kPlanes; p += 2) {
    if (scratch.ones.count[p] == 0 && scratch.ones.count[p + 1] == 0) continue;
    draw_pairs(seed_, Draw::kColumnRead, read, first_column_, p / 2, cols, draws[0], draws[1]);
    for (int k = 0; k < 2; ++k) {
      const int64_t constant = noise_cell_ * scratch.ones.count[p + k];
      if (scratch.ones.count[p + k] == 0) continue;
      int32_t* sums = scratch.plane(p + k);
      for (int c = 0; c < cols; ++c) {
        const int64_t variance = constant + ((noise_slope_ * (sums[c] >> (lsb_exp_ - 8))) >> 8);
        sums[c] += static_cast<int32_t>(
            noise(sigma(static_cast<uint64_t>(variance)), gauss(draws[k][c]), lsb_exp_));
      }
    }
  }
}

void ColumnBank::multiply(uint32_t first_read, std::span<const uint8_t> x, int count,
                          std::span<int64_t> out, TileCounters& counters) const {
  const ColumnView& view = tables_.view();
  const int cols = 4 * view.outputs;
  check_product(x.size(), out.size(), view.rows, cols, count);
  Scratch scratch(view);
  std::vector<int64_t> total(static_cast<size_t>(cols));
  for (int k = 0; k < count; ++k) {
    kernels_.column_sums(view, x.data() + static_cast<size_t>(k) * view.rows, scratch.sums.data(),
                         scratch.ones);
    if (noisy_) add_noise(first_read + static_cast<uint32_t>(k), scratch);
    std::fill(total.begin(), total.end(), 0);
    for (int p = kPlanes - 1; p >= 0; --p) {
      const int32_t* sums = scratch.plane(p);
      for (int c = 0; c < cols; ++c)
        total[c] = 2 * total[c] + converters_.code(c, sums[c], counters.saturations);
    }
    int64_t* result = out.data() + static_cast<size_t>(k) * view.outputs;
    for (int o = 0; o < view.outputs; ++o) {
      const int64_t* column = total.data() + 4 * static_cast<size_t>(o);
      result[o] = (column[0] - column[2]) + 4 * (column[1] - column[3]);
    }
  }
  tables_.count(count, counters);
}

int64_t ColumnBank::largest_sum(std::span<const uint8_t> x, int count) const {
  return tables_.largest_sum(kernels_, x, count);
}

}  // namespace crucible::models
