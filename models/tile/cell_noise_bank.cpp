// See cell_noise_bank.hpp.
#include "models/tile/cell_noise_bank.hpp"

#include <algorithm>

#include "models/tile/tile_check.hpp"
#include "models/tile/tile_noise.hpp"

namespace crucible::models {

CellNoiseBank::CellNoiseBank(const BankCells& cells, int rows_used, int cols_used,
                             const TileSettings& settings, ColumnKernels kernels)
    : cells_(cells),
      settings_(settings),
      steps_(cells_, settings_),
      rows_(rows_used),
      cols_(cols_used),
      quiet_(static_cast<size_t>(rows_used) * cols_used),
      near_rail_(static_cast<size_t>(rows_used)),
      converters_(settings, cols_used),
      tables_(Conductances(cells, rows_used, cols_used, settings), settings),
      kernels_(kernels) {
  const EffectSettings& effects = settings.effects;
  for (int r = 0; r < rows_; ++r) {
    const auto row = std::span(quiet_).subspan(static_cast<size_t>(r) * cols_, cols_);
    steps_.before_noise(r, row);
    for (const int32_t g : row) {
      const int64_t coarse = std::max(g, 0) >> (settings.lsb_exp - 8);
      const int64_t variance = effects.noise_cell + ((effects.noise_slope * coarse) >> 8);
      sigma_.push_back(sigma(static_cast<uint64_t>(variance)));
      const int64_t most = noise(sigma_.back(), gauss(0), settings.lsb_exp);
      if (g - most < 0 || g + most > steps_.upper_rail()) near_rail_[static_cast<size_t>(r)] = true;
    }
  }
}

/// Adds what row r gives in the planes of `bits` to scratch.sums. Where no rail is near, planes
/// without its bit need no draws.
void CellNoiseBank::read_row(uint32_t read, int r, uint8_t bits, Scratch& scratch,
                             uint64_t& clamps) const {
  const uint32_t first = (cells_.bank * cells_.rows + r) * cells_.cols;
  const size_t row = static_cast<size_t>(r) * cols_;
  for (int p = 0; p < kPlanes; p += 2) {
    const int pair = bits >> p & 3;
    if (pair == 0 && !near_rail_[static_cast<size_t>(r)]) continue;
    draw_pairs(settings_.effects.noise_seed, Draw::kCellRead, read, first, p / 2, cols_,
               scratch.draws[0].data(), scratch.draws[1].data());
    for (int k = 0; k < 2; ++k) {
      for (int c = 0; c < cols_; ++c) {
        scratch.row[c] =
            quiet_[row + c] + static_cast<int32_t>(noise(
                                  sigma_[row + c], gauss(scratch.draws[k][c]), settings_.lsb_exp));
      }
      clamps += steps_.clamp(scratch.row);
      if ((pair >> k & 1) == 0) continue;
      steps_.attenuate(r, scratch.row);
      int64_t* sums = scratch.sums.data() + static_cast<size_t>(p + k) * cols_;
      for (int c = 0; c < cols_; ++c) sums[c] += scratch.row[c];
    }
  }
}

void CellNoiseBank::multiply(uint32_t first_read, std::span<const uint8_t> x, int count,
                             std::span<int64_t> out, TileCounters& counters) const {
  check_product(x.size(), out.size(), rows_, cols_, count);
  Scratch scratch;
  scratch.sums.resize(static_cast<size_t>(kPlanes) * cols_);
  scratch.row.resize(static_cast<size_t>(cols_));
  for (auto& draws : scratch.draws) draws.resize(static_cast<size_t>(cols_));
  std::fill(out.begin(), out.end(), 0);
  for (int k = 0; k < count; ++k) {
    std::fill(scratch.sums.begin(), scratch.sums.end(), 0);
    const uint32_t read = first_read + static_cast<uint32_t>(k);
    for (int r = 0; r < rows_; ++r) {
      read_row(read, r, x[static_cast<size_t>(k) * rows_ + r], scratch, counters.clamps);
    }
    int64_t* result = out.data() + static_cast<size_t>(k) * (cols_ / 4);
    for (int p = 0; p < kPlanes; ++p) {
      for (int c = 0; c < cols_; ++c) {
        result[c / 4] += ColumnConverters::weight(c) * (int64_t{1} << p) *
                         converters_.code(c, scratch.sums[p * cols_ + c], counters.saturations);
      }
    }
  }
  counters.products += static_cast<uint64_t>(count);
  counters.reads += static_cast<uint64_t>(count) * rows_;
}

int64_t CellNoiseBank::largest_sum(std::span<const uint8_t> x, int count) const {
  return tables_.largest_sum(kernels_, x, count);
}

}  // namespace crucible::models
