// The definition of docs/numerics.md, line by line, in 64-bit integers; slow on purpose.
#include <algorithm>

#include "models/tile/rshift.hpp"
#include "models/tile/tile_check.hpp"
#include "models/tile/tile_noise.hpp"
#include "models/tile/tile_twin.hpp"

namespace crucible::models {
namespace {

/// Entry of a table that may be empty, which means all zero.
template <class Value>
int64_t at(const std::vector<Value>& table, int64_t index) {
  return table.empty() ? 0 : table[static_cast<size_t>(index)];
}

/// Conductances of the rows and columns in use under one read and plane.
struct Read {
  std::vector<int64_t> conductance;
  uint64_t clamps = 0;
};

class Definition {
 public:
  Definition(const BankCells& cells, int rows_used, int cols_used, const TileSettings& settings)
      : cells_(cells), rows_(rows_used), cols_(cols_used), t_(settings), e_(settings.effects) {}

  /// "One input".
  [[nodiscard]] int64_t input(int r, int64_t x) const {
    if (!e_.dac) return x;
    return std::clamp(x + rshift(x * at(e_.dac_gain, r), 8) + at(e_.dac_offset, r) +
                          at(e_.dac_inl, 16 * r + (x >> 4)),
                      int64_t{0}, int64_t{255});
  }

  /// "One cell", for all of them.
  [[nodiscard]] Read read(uint32_t n, int p) const {
    Read read;
    for (int r = 0; r < rows_; ++r) {
      for (int c = 0; c < cols_; ++c) {
        const int64_t g4 = noisy(r, c, n, p);
        const int64_t g5 = std::clamp(g4, int64_t{0}, rail());
        const int64_t loss = e_.attenuation ? at(e_.row_loss, r) + at(e_.col_loss, c) : 0;
        read.conductance.push_back(g5 - rshift(g5 * loss, 16));
        if (g5 != g4) ++read.clamps;
      }
    }
    return read;
  }

  /// "One physical column and bit plane", from S on.
  int64_t code(int c, int p, uint32_t n, int64_t s, int ones, uint64_t& saturations) const {
    const bool noisy = e_.noise == ReadNoise::kColumn;
    const uint32_t column = cells_.bank * static_cast<uint32_t>(cells_.cols) + c;
    const int64_t s_noisy =
        s + (noisy ? noise(sigma(variance(ones, s)),
                           gauss(draw(e_.noise_seed, Draw::kColumnRead, n, column, p)), s_())
                   : 0);
    const int64_t a0 = s_noisy + at(t_.adc_offset, c) * (int64_t{1} << (s_() - 8));
    const int64_t a1 = a0 + (e_.adc_gain ? rshift(a0 * at(e_.adc_gain_error, c), 16) : 0);
    if (t_.adc.transparent) return a1;
    const int shift = t_.adc.shift, bits = t_.adc.bits;
    const int64_t seg = std::clamp((a1 * 16) >> (shift + bits), int64_t{0}, int64_t{15});
    const int64_t inl = e_.adc_inl ? at(e_.adc_inl_steps, 16 * c + seg) : 0;
    const int64_t a = a1 + ((inl * (int64_t{1} << shift)) >> 4);
    const int64_t half = shift > 0 ? int64_t{1} << (shift - 1) : 0;
    const int64_t unclamped = (a + half) >> shift;
    const int64_t code = std::clamp(unclamped, int64_t{0}, (int64_t{1} << bits) - 1);
    if (code != unclamped) ++saturations;
    return code;
  }

 private:
  [[nodiscard]] int s_() const { return t_.lsb_exp; }
  [[nodiscard]] int64_t base() const { return int64_t{t_.base} << (s_() - 8); }
  [[nodiscard]] int64_t rail() const { return 2 * base() + (int64_t{3} << s_()); }

  /// V of count cells whose conductance is x together.
  [[nodiscard]] uint64_t variance(int64_t count, int64_t x) const {
    const int64_t coarse = std::max(x, int64_t{0}) >> (s_() - 8);
    return static_cast<uint64_t>(e_.noise_cell * count + ((e_.noise_slope * coarse) >> 8));
  }

  /// G4.
  [[nodiscard]] int64_t noisy(int r, int c, uint32_t n, int p) const {
    const size_t index = static_cast<size_t>(r) * cells_.cols + c;
    const int level = cells_.levels[index];
    const int64_t stuck = e_.stuck ? at(cells_.stuck, static_cast<int64_t>(index)) : 0;
    const int64_t g0 = base() + (int64_t{level} << s_());
    const int64_t g1 = g0 + (t_.inject ? cells_.offsets[index] : 0);
    const int64_t g2 = g1 - (e_.drift ? rshift(g1 * e_.drift_loss[level], 16) : 0);
    const int64_t g3 = stuck == 1 ? 0 : stuck == 2 ? rail() : g2;
    if (e_.noise != ReadNoise::kCell) return g3;
    const uint32_t cell = (cells_.bank * cells_.rows + r) * cells_.cols + c;
    const int32_t z = gauss(draw(e_.noise_seed, Draw::kCellRead, n, cell, p));
    return g3 + noise(sigma(variance(1, g3)), z, s_());
  }

  const BankCells& cells_;
  int rows_, cols_;
  const TileSettings& t_;
  const EffectSettings& e_;
};

}  // namespace

void reference_multiply(const BankCells& cells, int rows_used, int cols_used,
                        const TileSettings& settings, uint32_t first_read,
                        std::span<const uint8_t> x, int count, std::span<int64_t> out,
                        TileCounters& counters) {
  check_bank(cells, rows_used, cols_used, settings);
  check_product(x.size(), out.size(), rows_used, cols_used, count);
  const Definition tile(cells, rows_used, cols_used, settings);
  const bool cell_noise = settings.effects.noise == ReadNoise::kCell;
  Read read;
  std::fill(out.begin(), out.end(), 0);
  for (int k = 0; k < count; ++k) {
    const uint32_t n = first_read + static_cast<uint32_t>(k);
    for (int p = 0; p < 8; ++p) {
      // Without noise of cells every read finds the same conductances.
      if (cell_noise || (k == 0 && p == 0)) read = tile.read(n, p);
      if (cell_noise || p == 0) counters.clamps += read.clamps;
      std::vector<int> rows;  // whose bit is set
      for (int r = 0; r < rows_used; ++r) {
        const int64_t input = tile.input(r, x[static_cast<size_t>(k) * rows_used + r]);
        if ((input >> p & 1) != 0) rows.push_back(r);
      }
      for (int c = 0; c < cols_used; ++c) {
        int64_t sum = 0;
        for (const int r : rows) sum += read.conductance[static_cast<size_t>(r) * cols_used + c];
        const int64_t code =
            tile.code(c, p, n, sum, static_cast<int>(rows.size()), counters.saturations);
        const int64_t weight = (c % 2 == 0 ? 1 : 4) * (c % 4 < 2 ? 1 : -1);
        out[static_cast<size_t>(k) * (cols_used / 4) + c / 4] += weight * code * (int64_t{1} << p);
      }
    }
  }
  counters.products += static_cast<uint64_t>(count);
  counters.reads += static_cast<uint64_t>(count) * rows_used;
}

}  // namespace crucible::models
