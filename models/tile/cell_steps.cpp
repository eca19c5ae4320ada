// See cell_steps.hpp.
#include "models/tile/cell_steps.hpp"

#include <algorithm>

#include "models/tile/rshift.hpp"

namespace crucible::models {

void CellSteps::before_noise(int row, std::span<int32_t> g) const {
  const EffectSettings& effects = settings_.effects;
  const size_t first = static_cast<size_t>(row) * cells_.cols;
  const uint8_t* level = cells_.levels.data() + first;
  const int8_t* offset = cells_.offsets.data() + first;
  for (size_t c = 0; c < g.size(); ++c) g[c] = scale_.target(level[c]);
  if (settings_.inject) {
    for (size_t c = 0; c < g.size(); ++c) g[c] += offset[c];
  }
  if (effects.drift) {
    for (size_t c = 0; c < g.size(); ++c)
      g[c] -= static_cast<int32_t>(rshift(int64_t{g[c]} * effects.drift_loss[level[c]], 16));
  }
  if (effects.stuck && !cells_.stuck.empty()) {
    const uint8_t* stuck = cells_.stuck.data() + first;
    for (size_t c = 0; c < g.size(); ++c)
      g[c] = stuck[c] == 0 ? g[c] : stuck[c] == 1 ? 0 : upper_rail();
  }
}

uint64_t CellSteps::clamp(std::span<int32_t> g) const {
  const int32_t rail = upper_rail();
  uint32_t limited = 0;
  for (int32_t& value : g) {
    const int32_t clamped = std::clamp(value, 0, rail);
    limited += clamped != value ? 1 : 0;
    value = clamped;
  }
  return limited;
}

void CellSteps::attenuate(int row, std::span<int32_t> g) const {
  const EffectSettings& effects = settings_.effects;
  if (!effects.attenuation) return;
  const int32_t row_loss = effects.row_loss.empty() ? 0 : effects.row_loss[row];
  for (size_t c = 0; c < g.size(); ++c) {
    const int32_t loss = row_loss + (effects.col_loss.empty() ? 0 : effects.col_loss[c]);
    g[c] -= static_cast<int32_t>(rshift(int64_t{g[c]} * loss, 16));
  }
}

Conductances::Conductances(const BankCells& cells, int rows_used, int cols_used,
                           const TileSettings& settings)
    : rows(rows_used), cols(cols_used), values(static_cast<size_t>(rows_used) * cols_used) {
  const CellSteps steps(cells, settings);
  for (int r = 0; r < rows; ++r) {
    const auto g = std::span(values).subspan(static_cast<size_t>(r) * cols, cols);
    steps.before_noise(r, g);
    clamps += steps.clamp(g);
    steps.attenuate(r, g);
  }
}

}  // namespace crucible::models
