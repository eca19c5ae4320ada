// See dead_zone.hpp.
#include "host/certify/dead_zone.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace crucible::certify {
namespace {

/// Most rows that one ADC adds up.
int block_rows(const models::CompiledLayer& layer) {
  int rows = 0;
  for (const models::BankPlacement& bank : layer.placement.banks)
    rows = std::max(rows, bank.inputs);
  return rows;
}

/// Every sum of a chip without deviations is a multiple of this, in LSB of 2^-lsb_exp level.
int64_t granularity(const models::TileSettings& tile) {
  int64_t unit = 256;  // one level in 2^-8 level
  unit = std::gcd(unit, int64_t{tile.base});
  for (const int16_t offset : tile.adc_offset) unit = std::gcd(unit, int64_t{offset});
  return unit << (tile.lsb_exp - 8);
}

struct Reach {
  bool ties;
  int64_t distance;  ///< least distance of a sum off the ties from a change of its code, in LSB
};

Reach reach(const models::CompiledNetwork& compiled, size_t layer) {
  const models::AdcSettings& adc = compiled.layers[layer].adc;
  if (adc.transparent || adc.shift == 0) return {false, 0};
  // Codes change at half + k * step. Sums are multiples of `unit`, so distances from there are
  // multiples of gcd(unit, half), and 0 is among them only if gcd(unit, step) divides half.
  const int64_t half = int64_t{1} << (adc.shift - 1);
  const int64_t unit = granularity(compiled.common);
  return {half % std::gcd(unit, 2 * half) == 0, std::gcd(unit, half)};
}

}  // namespace

DeadZone dead_zone(const models::CompiledNetwork& compiled, size_t layer) {
  const Reach found = reach(compiled, layer);
  const int rows = block_rows(compiled.layers[layer]);
  return {found.ties,
          std::ldexp(static_cast<double>(found.distance), -compiled.common.lsb_exp) / rows};
}

bool is_trivial(const models::CompiledNetwork& compiled, const models::WeightBox& box) {
  for (size_t l = 0; l < compiled.layers.size(); ++l) {
    const Reach found = reach(compiled, l);
    if (found.ties) return false;
    if (int64_t{box.grid.steps[l]} * block_rows(compiled.layers[l]) >= found.distance) return false;
  }
  return true;
}

}  // namespace crucible::certify
