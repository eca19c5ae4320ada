// See dead_zone.hpp.
#include "host/certify/dead_zone.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

namespace crucible::certify {
namespace {

/// Most rows that one ADC adds up.
int block_rows(const models::CompiledLayer& layer) {
  int rows = 0;
  for (const models::BankPlacement& bank : layer.placement.banks)
    rows = std::max(rows, bank.inputs);
  return rows;
}

/// How far a sum of `rows` active rows is from a change of its code, at the least, in LSB.
struct Distance {
  int rows;
  int64_t down, up;  ///< down 1: on a tie
};

/// Calls action(distance) for every number of active rows and every ADC offset. Sums of the chip
/// without deviations are rows * base + offset plus whole levels; codes change at half a step plus
/// whole steps. What is left of one against the other repeats with the gcd of level and step.
template <class Action>
void for_each_distance(const models::CompiledNetwork& compiled, size_t layer, Action&& action) {
  const models::TileSettings& tile = compiled.common;
  const int unit = 1 << (tile.lsb_exp - 8);
  const int64_t step = int64_t{1} << compiled.layers[layer].adc.shift;
  const int64_t period = std::gcd(step, int64_t{256} * unit);
  std::vector<int16_t> offsets = tile.adc_offset;
  if (offsets.empty()) offsets.push_back(0);
  const int rows = block_rows(compiled.layers[layer]);
  for (const int16_t offset : offsets) {
    for (int n = 1; n <= rows; ++n) {
      const int64_t sum = (int64_t{n} * tile.base + offset) * unit;
      const int64_t above = ((sum - step / 2) % period + period) % period;
      action(Distance{n, above + 1, period - above});
    }
  }
}

bool follows_its_sum(const models::AdcSettings& adc) { return adc.transparent || adc.shift == 0; }

}  // namespace

DeadZone dead_zone(const models::CompiledNetwork& compiled, size_t layer) {
  if (follows_its_sum(compiled.layers[layer].adc)) return {};
  DeadZone zone;
  zone.levels = std::numeric_limits<double>::infinity();
  for_each_distance(compiled, layer, [&](const Distance& distance) {
    const bool tie = distance.down == 1;
    zone.ties = zone.ties || tie;
    const int64_t least = tie ? distance.up : std::min(distance.down, distance.up);
    const double lsb = static_cast<double>(least) / distance.rows;
    zone.levels = std::min(zone.levels, std::ldexp(lsb, -compiled.common.lsb_exp));
  });
  return zone;
}

bool is_trivial(const models::CompiledNetwork& compiled, const models::WeightBox& box) {
  bool trivial = true;
  for (size_t l = 0; l < compiled.layers.size(); ++l) {
    if (follows_its_sum(compiled.layers[l].adc)) return false;
    for_each_distance(compiled, l, [&](const Distance& distance) {
      const int64_t most = int64_t{distance.rows} * box.grid.steps[l];
      trivial = trivial && most < distance.down && most < distance.up;
    });
  }
  return trivial;
}

}  // namespace crucible::certify
