// The steps from a cell's target to what its column sees: docs/numerics.md, "One cell".
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "models/tile/cell.hpp"
#include "models/tile/rshift.hpp"
#include "models/tile/tile_twin.hpp"

namespace crucible::models {

/// Both arguments must outlive it.
class CellSteps {
 public:
  CellSteps(const BankCells& cells, const TileSettings& settings)
      : cells_(cells),
        effects_(settings.effects),
        scale_{settings.lsb_exp, settings.base},
        rail_(scale_.upper_rail()),
        inject_(settings.inject),
        stuck_(settings.effects.stuck && !cells.stuck.empty()) {
    for (int level = 0; level < 4; ++level) target_[level] = scale_.target(level);
  }

  /// G3: target, device-to-device, drift, stuck.
  [[nodiscard]] int32_t before_noise(int r, int c) const {
    const size_t cell = static_cast<size_t>(r) * cells_.cols + c;
    if (stuck_ && cells_.stuck[cell] != 0) return cells_.stuck[cell] == 1 ? 0 : rail_;
    const uint8_t level = cells_.levels[cell];
    const int32_t g = target_[level] + (inject_ ? cells_.offsets[cell] : 0);
    if (!effects_.drift) return g;
    return g - static_cast<int32_t>(rshift(int64_t{g} * effects_.drift_loss[level], 16));
  }

  /// G5 of G4.
  [[nodiscard]] int32_t clamp(int64_t g) const {
    return static_cast<int32_t>(std::clamp<int64_t>(g, 0, rail_));
  }

  /// G of G5.
  [[nodiscard]] int32_t attenuate(int32_t g, int r, int c) const {
    if (!effects_.attenuation) return g;
    const int32_t loss = (effects_.row_loss.empty() ? 0 : effects_.row_loss[r]) +
                         (effects_.col_loss.empty() ? 0 : effects_.col_loss[c]);
    return g - static_cast<int32_t>(rshift(int64_t{g} * loss, 16));
  }

  [[nodiscard]] int32_t upper_rail() const { return rail_; }

 private:
  const BankCells& cells_;
  const EffectSettings& effects_;
  CellScale scale_;
  int32_t rail_;
  bool inject_, stuck_;
  std::array<int32_t, 4> target_{};
};

/// What the cells in use conduct in every read, without noise of cells.
struct Conductances {
  int rows = 0;
  int cols = 0;
  std::vector<int32_t> values;  ///< [rows][cols], LSB of 2^-lsb_exp level
  uint64_t clamps = 0;          ///< how many of them a rail limited

  Conductances(const BankCells& cells, int rows_used, int cols_used, const TileSettings& settings)
      : rows(rows_used), cols(cols_used), values(static_cast<size_t>(rows_used) * cols_used) {
    const CellSteps steps(cells, settings);
    size_t at = 0;
    for (int r = 0; r < rows; ++r) {
      for (int c = 0; c < cols; ++c) {
        const int32_t g = steps.before_noise(r, c);
        const int32_t clamped = steps.clamp(g);
        if (clamped != g) ++clamps;
        values[at++] = steps.attenuate(clamped, r, c);
      }
    }
  }
};

}  // namespace crucible::models
