// See cell_box.hpp.
#include "host/certify/cell_box.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "models/error.hpp"
#include "models/variation/chip_cells.hpp"

namespace crucible::certify {

using models::CellScale;
using models::kSlices;
using models::MoveRules;
using models::Range;

namespace {

int padded(int count) {
  return (count + LayerBox::kLanes - 1) / LayerBox::kLanes * LayerBox::kLanes;
}

/// The rules of a layer; one that does not vary moves by no step.
MoveRules layer_rules(const models::WeightBox& box, size_t layer, bool varies) {
  MoveRules rules = models::move_rules(box, layer);
  if (!varies) rules.steps.fill(0);
  return rules;
}

bool is_masked_in(const LayerMask& mask, size_t layer) { return mask.empty() || mask[layer]; }

}  // namespace

void check_box(const models::QuantisedNetwork& network, const models::CompiledNetwork& compiled,
               const models::WeightBox& box, const LayerMask& mask) {
  models::check_same_network(network, compiled);
  if (!mask.empty() && mask.size() != network.layers.size()) {
    throw Error(ErrorKind::kUsage,
                fmt::format("certify: a choice of {} layers for network '{}' of {} layers",
                            mask.size(), network.name, network.layers.size()));
  }
  const models::TileSettings& tile = compiled.common;
  if (tile.effects.any()) {
    throw Error(ErrorKind::kUsage,
                "certify: certificates hold for offsets alone; switch the other effects off");
  }
  if (!tile.inject || tile.lsb_exp != box.grid.lsb_exp || tile.base != box.base) {
    throw Error(
        ErrorKind::kUsage,
        fmt::format(
            "certify: the box has lsb_exp {} and base {}, the compiled network {} and {}{}; "
            "compile it with injection on and the box's settings",
            box.grid.lsb_exp, box.base, tile.lsb_exp, tile.base,
            tile.inject ? "" : " and injection off"));
  }
}

LayerBox make_layer_box(const models::QuantisedNetwork& network,
                        const models::CompiledNetwork& compiled, const models::WeightBox& box,
                        size_t layer, bool varies) {
  const models::QuantisedLayer& weights = network.layers[layer];
  const models::LayerPlacement& placement = compiled.layers[layer].placement;
  const MoveRules rules = layer_rules(box, layer, varies);
  const CellScale& scale = rules.scale;

  LayerBox out;
  out.varies = varies;
  out.fan_in = weights.shape.fan_in();
  out.outputs = weights.shape.out_channels;
  out.column_stride = padded(4 * out.outputs);
  out.output_stride = padded(out.outputs);
  for (const models::BankPlacement& bank : placement.banks) {
    if (bank.first_output == 0) out.blocks.push_back({bank.first_input, bank.inputs});
  }
  const size_t inputs = static_cast<size_t>(out.fan_in);
  out.conductance_low.assign(inputs * out.column_stride, 0);
  out.conductance_high = out.conductance_low;
  out.weight_low.assign(inputs * out.output_stride, 0);
  out.weight_high = out.weight_low;
  for (int i = 0; i < out.fan_in; ++i) {
    for (int o = 0; o < out.outputs; ++o) {
      const int weight{weights.weights[static_cast<size_t>(o) * out.fan_in + i]};
      const int magnitude = std::abs(weight);
      out.nominal.push_back(static_cast<int8_t>(weight));
      const size_t active =
          static_cast<size_t>(i) * out.column_stride + 4 * o + (weight < 0 ? 2 : 0);
      const size_t idle = static_cast<size_t>(i) * out.column_stride + 4 * o + (weight < 0 ? 0 : 2);
      for (int s = 0; s < kSlices; ++s) {
        const int level = models::slice_level(magnitude, s);
        const models::SliceOffsets offsets = models::slice_offsets(rules, s, level);
        out.conductance_low[active + s] = scale.conductance(level, offsets.active.lo);
        out.conductance_high[active + s] = scale.conductance(level, offsets.active.hi);
        out.conductance_low[idle + s] = scale.conductance(0, offsets.idle.lo);
        out.conductance_high[idle + s] = scale.conductance(0, offsets.idle.hi);
      }
      const Range change = models::magnitude_range(rules, magnitude);
      const int32_t nominal = weight * (1 << scale.lsb_exp);
      const size_t at = static_cast<size_t>(i) * out.output_stride + o;
      out.weight_low[at] = nominal + (weight < 0 ? -change.hi : change.lo);
      out.weight_high[at] = nominal + (weight < 0 ? -change.lo : change.hi);
    }
  }
  out.adc_offset.assign(out.column_stride, 0);
  if (!compiled.common.adc_offset.empty()) {
    for (int c = 0; c < 4 * out.outputs; ++c) {
      out.adc_offset[c] =
          compiled.common.adc_offset[c % compiled.geometry.cols] * (1 << (scale.lsb_exp - 8));
    }
  }
  return out;
}

bool contains(const models::QuantisedNetwork& network, const models::CompiledNetwork& compiled,
              const models::WeightBox& box, const LayerMask& mask,
              const models::ChipOffsets& offsets) {
  if (offsets.size() != compiled.geometry.cells()) return false;
  const auto within = [](const Range& range, int value) {
    return range.lo <= value && value <= range.hi;
  };
  size_t moved = 0;
  bool inside = true;
  for (size_t l = 0; l < network.layers.size(); ++l) {
    const MoveRules rules = layer_rules(box, l, is_masked_in(mask, l));
    models::for_each_weight(network, compiled, l, [&](size_t i, const models::WeightCells& cells) {
      for (int s = 0; s < kSlices; ++s) {
        const int level = models::slice_level(std::abs(int{network.layers[l].weights[i]}), s);
        const models::SliceOffsets range = models::slice_offsets(rules, s, level);
        const int active = offsets[cells.active[s]];
        const int idle = offsets[cells.idle[s]];
        inside = inside && within(range.active, active) && within(range.idle, idle) &&
                 within(models::slice_range(rules, s, level), active - idle);
        moved += (active != 0 ? 1 : 0) + (idle != 0 ? 1 : 0);
      }
    });
  }
  const auto zeros = static_cast<size_t>(std::count(offsets.begin(), offsets.end(), 0));
  return inside && moved + zeros == offsets.size();
}

}  // namespace crucible::certify
