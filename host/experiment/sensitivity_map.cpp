#include "host/experiment/sensitivity_map.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>

#include "host/certify/cell_box.hpp"
#include "models/variation/slice_range.hpp"

namespace crucible::experiment {

models::WeightBox only_layer(models::WeightBox box, size_t layer) {
  for (size_t l = 0; l < box.lo.size(); ++l) {
    if (l == layer) continue;
    std::fill(box.lo[l].begin(), box.lo[l].end(), 0.0F);
    std::fill(box.hi[l].begin(), box.hi[l].end(), 0.0F);
  }
  return box;
}

double CellMap::total() const { return std::accumulate(values.begin(), values.end(), 0.0); }

double CellMap::largest() const {
  return values.empty() ? 0.0 : *std::max_element(values.begin(), values.end());
}

CellMap cell_sensitivity(const models::QuantisedNetwork& network, const models::WeightBox& box,
                         size_t layer, const std::vector<float>& gradient) {
  const models::QuantisedLayer& weights = network.layers[layer];
  const models::MoveRules rules = models::move_rules(box, layer);
  const int inputs = weights.shape.fan_in(), outputs = weights.shape.out_channels;
  CellMap map{inputs, 4 * outputs, std::vector<double>(static_cast<size_t>(4) * inputs * outputs)};
  for (int o = 0; o < outputs; ++o) {
    for (int i = 0; i < inputs; ++i) {
      const size_t index = static_cast<size_t>(o) * inputs + i;
      const int weight{weights.weights[index]};
      const size_t first = static_cast<size_t>(i) * map.cols + 4 * o;
      const size_t active = first + (weight < 0 ? models::kSlices : 0);
      const size_t idle = first + (weight < 0 ? 0 : models::kSlices);
      for (int s = 0; s < models::kSlices; ++s) {
        const models::SliceOffsets offsets =
            models::slice_offsets(rules, s, models::slice_level(std::abs(weight), s));
        // Half the interval in levels, times 4^s.
        const auto reach = [&](const models::Range& range) {
          return std::ldexp(static_cast<double>(range.hi - range.lo),
                            2 * s - 1 - box.grid.lsb_exp) *
                 std::abs(static_cast<double>(gradient[index]));
        };
        map.values[active + s] = reach(offsets.active);
        map.values[idle + s] = reach(offsets.idle);
      }
    }
  }
  return map;
}

double bank_sum(const CellMap& map, const models::BankPlacement& bank) {
  double sum = 0;
  for (int i = bank.first_input; i < bank.first_input + bank.inputs; ++i) {
    const auto row = map.values.begin() + static_cast<ptrdiff_t>(i) * map.cols;
    sum += std::accumulate(row + 4 * bank.first_output,
                           row + 4 * (bank.first_output + bank.outputs), 0.0);
  }
  return sum;
}

}  // namespace crucible::experiment
