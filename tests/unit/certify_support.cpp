#include "tests/unit/certify_support.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace crucible::test {

using models::LayerShape;

BoxedCase boxed_case(const std::string& name, models::QuantisedNetwork network,
                     const CaseSettings& settings) {
  models::WeightBox box{
      settings.bound, {settings.lsb_exp, {}, {}}, settings.realisation, settings.base, {}, {}};
  box.grid.steps.assign(network.layers.size(), settings.steps);
  models::TileSettings common;
  common.inject = true;
  common.lsb_exp = settings.lsb_exp;
  common.base = settings.base;
  common.adc_offset = settings.adc_offset;
  models::CompiledNetwork compiled = models::compile(network, settings.tile, common, settings.adc);
  return {name, std::move(network), std::move(box), std::move(compiled)};
}

std::vector<CellOffsets> every_offset(const models::WeightBox& box, size_t layer, int weight) {
  const int steps = box.grid.steps[layer];
  const int base = box.base << (box.grid.lsb_exp - 8);
  const bool weights = box.bound.convention() == models::BoundConvention::kWeightFraction;
  const bool pair = weights && box.realisation == models::Realisation::kPair;
  const bool drifts = !weights && box.bound.idle() == models::IdleDevice::kDrifts;
  // (active, idle) of one slice: a cell stays between the rails.
  const auto slice = [&](int level) {
    const int down = base + (level << box.grid.lsb_exp);
    const int up = base + ((3 - level) << box.grid.lsb_exp);
    std::vector<std::array<int, 2>> moves;
    for (int change = -steps; change <= steps; ++change) {
      const int active = std::clamp(change, -down, up);
      if (active != change && !pair) continue;
      const int idle = active - change;  // pair: what the rail cuts off goes to the idle cell
      if (idle < -base) continue;
      if (!drifts) {
        moves.push_back({active, idle});
        continue;
      }
      for (int own = -std::min(steps, base); own <= steps; ++own) moves.push_back({active, own});
    }
    return moves;
  };
  std::vector<CellOffsets> all;
  for (const auto& low : slice(std::abs(weight) & 3)) {
    for (const auto& high : slice(std::abs(weight) >> 2)) {
      all.push_back(weight < 0 ? CellOffsets{low[1], high[1], low[0], high[0]}
                               : CellOffsets{low[0], high[0], low[1], high[1]});
    }
  }
  return all;
}

PlainPipeline::PlainPipeline(const BoxedCase& boxed) : boxed_(boxed) {
  for (size_t l = 0; l < boxed.network.layers.size(); ++l) {
    const size_t weights = boxed.network.layers[l].weights.size();
    offsets_.emplace_back(weights);
    conductance_.emplace_back(weights);
    for (size_t i = 0; i < weights; ++i) set(l, i, {});
  }
}

void PlainPipeline::set(size_t layer, size_t weight, const CellOffsets& offsets) {
  const int value = boxed_.network.layers[layer].weights[weight];
  const int s = boxed_.box.grid.lsb_exp;
  const int64_t base = int64_t{boxed_.box.base} << (s - 8);
  offsets_[layer][weight] = offsets;
  for (int j = 0; j < 4; ++j) {
    const bool active = (j >= 2) == (value < 0);
    const int level = active ? std::abs(value) >> (2 * (j % 2)) & 3 : 0;
    conductance_[layer][weight][j] = std::clamp<int64_t>(base + (int64_t{level} << s) + offsets[j],
                                                         0, 2 * base + (int64_t{3} << s));
  }
}

void PlainPipeline::run(std::span<const uint8_t> image, Outcome& outcome) const {
  std::vector<int64_t> x(image.begin(), image.end()), v, sums;
  outcome.activations.resize(boxed_.network.layers.size() - 1);
  const int s = boxed_.box.grid.lsb_exp;
  for (size_t l = 0; l < boxed_.network.layers.size(); ++l) {
    const models::CompiledLayer& layer = boxed_.compiled.layers[l];
    const LayerShape& shape = layer.shape;
    const models::AdcSettings& adc = layer.adc;
    const int64_t half = adc.shift > 0 ? int64_t{1} << (adc.shift - 1) : 0;
    const int height = shape.conv_height(), width = shape.conv_width();
    v.assign(static_cast<size_t>(shape.out_channels) * height * width, 0);
    for (int o = 0; o < shape.out_channels; ++o) {
      for (int at = 0; at < height * width; ++at) {
        int64_t acc = 0;
        for (int first = 0; first < shape.fan_in(); first += layer.placement.block_rows) {
          const int end = std::min(first + layer.placement.block_rows, shape.fan_in());
          sums.assign(32, 0);
          for (int tap = first; tap < end; ++tap) {
            int64_t input = 0;
            const int channel = tap / (shape.kernel * shape.kernel);
            const int row = at / width + tap / shape.kernel % shape.kernel - shape.pad;
            const int column = at % width + tap % shape.kernel - shape.pad;
            if (row >= 0 && column >= 0 && row < shape.in_height && column < shape.in_width) {
              input = x[(channel * shape.in_height + row) * shape.in_width + column];
            }
            const auto& cell = conductance_[l][static_cast<size_t>(o) * shape.fan_in() + tap];
            for (int p = 0; p < 8; ++p) {
              if ((input >> p & 1) == 0) continue;
              for (int j = 0; j < 4; ++j) sums[4 * p + j] += cell[j];
            }
          }
          for (int p = 0; p < 8; ++p) {
            for (int j = 0; j < 4; ++j) {
              const int column = 4 * (o % boxed_.compiled.geometry.outputs()) + j;
              const auto& offset = boxed_.compiled.common.adc_offset;
              int64_t code = sums[4 * p + j];
              if (!offset.empty()) code += int64_t{offset[column]} * (int64_t{1} << (s - 8));
              if (!adc.transparent) {
                code = std::clamp<int64_t>((code + half) >> adc.shift, 0,
                                           (int64_t{1} << adc.bits) - 1);
              }
              acc += (j < 2 ? 1 : -1) * (j % 2 == 0 ? 1 : 4) * code * (int64_t{1} << p);
            }
          }
        }
        v[static_cast<size_t>(o) * height * width + at] = acc + layer.bias[o];
      }
    }
    if (l + 1 == boxed_.network.layers.size()) {
      outcome.logits = v;
      return;
    }
    const auto requantised = [&](int64_t value) {
      value = std::clamp(value, -(int64_t{1} << 45), (int64_t{1} << 45) - 1);
      const int64_t product = value * static_cast<int64_t>(layer.multiplier);
      return std::clamp<int64_t>(
          (product + (int64_t{1} << (layer.right_shift - 1))) >> layer.right_shift, 0, 255);
    };
    std::vector<int64_t>& y = outcome.activations[l];
    y.clear();
    for (int o = 0; o < shape.out_channels; ++o) {
      const int64_t* plane = v.data() + static_cast<size_t>(o) * height * width;
      for (int row = 0; row < shape.out_height(); ++row) {
        for (int column = 0; column < shape.out_width(); ++column) {
          const int64_t* at =
              plane + (shape.pool ? 2 * (row * width + column) : row * width + column);
          y.push_back(shape.pool ? std::max({requantised(at[0]), requantised(at[1]),
                                             requantised(at[width]), requantised(at[width + 1])})
                                 : requantised(at[0]));
        }
      }
    }
    x = y;
  }
}

models::ChipOffsets PlainPipeline::chip() const {
  const models::CompiledNetwork& compiled = boxed_.compiled;
  models::ChipOffsets chip(compiled.geometry.cells(), 0);
  for (size_t l = 0; l < offsets_.size(); ++l) {
    const int fan_in = compiled.layers[l].shape.fan_in();
    for (size_t i = 0; i < offsets_[l].size(); ++i) {
      for (int j = 0; j < 4; ++j) {
        const auto polarity = j < 2 ? models::Polarity::kPositive : models::Polarity::kNegative;
        const int output = static_cast<int>(i) / fan_in, input = static_cast<int>(i) % fan_in;
        chip[models::cell_index(compiled.geometry, compiled.layers[l].placement, output, input,
                                j % 2, polarity)] = static_cast<int8_t>(offsets_[l][i][j]);
      }
    }
  }
  return chip;
}

uint64_t for_every_chip(const BoxedCase& boxed, const std::vector<bool>& mask,
                        const std::function<void(const PlainPipeline&)>& action) {
  struct Digit {
    size_t layer, weight;
    std::vector<CellOffsets> choices;
    size_t at = 0;
  };
  std::vector<Digit> digits;
  PlainPipeline pipeline(boxed);
  for (size_t l = 0; l < boxed.network.layers.size(); ++l) {
    if (!mask.empty() && !mask[l]) continue;
    const auto& weights = boxed.network.layers[l].weights;
    for (size_t i = 0; i < weights.size(); ++i) {
      digits.push_back({l, i, every_offset(boxed.box, l, weights[i])});
      pipeline.set(l, i, digits.back().choices.front());
    }
  }
  uint64_t chips = 0;
  for (bool more = true; more;) {
    action(pipeline);
    ++chips;
    more = false;
    for (Digit& digit : digits) {  // counts up
      digit.at = (digit.at + 1) % digit.choices.size();
      pipeline.set(digit.layer, digit.weight, digit.choices[digit.at]);
      if (digit.at != 0) {
        more = true;
        break;
      }
    }
  }
  return chips;
}

}  // namespace crucible::test
