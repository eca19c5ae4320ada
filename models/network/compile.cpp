// A quantised network onto a tile: placement, levels, integer bias, requantisation, ADC of each
// layer.
#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

#include "models/error.hpp"
#include "models/network/compiled_network.hpp"
#include "models/network/requantise.hpp"
#include "models/tile/tile_check.hpp"

namespace crucible::models {
namespace {

constexpr double kBiasLimit = 0x1p45;  ///< sums are requantised as signed 46-bit numbers

AdcSettings layer_adc(const AdcPlan& plan, size_t layer, const std::string& name, int lsb_exp) {
  AdcSettings adc;
  adc.transparent = plan.transparent;
  adc.bits = plan.bits;
  if (plan.transparent) return adc;
  adc.shift = plan.step_exp[layer] + lsb_exp;
  if (adc.shift < 0 || adc.shift > 27) {
    throw Error(
        ErrorKind::kUsage,
        fmt::format("compile: layer '{}' has ADC step exponent {}; with lsb_exp {} it must be "
                    "between {} and {}",
                    name, plan.step_exp[layer], lsb_exp, -lsb_exp, 27 - lsb_exp));
  }
  return adc;
}

/// Real value of one unit of acc.
double acc_unit(const QuantisedLayer& layer, const AdcSettings& adc, int lsb_exp) {
  const int exponent = adc.transparent ? -lsb_exp : adc.shift - lsb_exp;
  return std::ldexp(1.0, exponent) * layer.w_scale * layer.x_scale;
}

std::vector<int64_t> integer_bias(const QuantisedLayer& layer, double unit) {
  std::vector<int64_t> bias;
  bias.reserve(layer.bias.size());
  for (size_t o = 0; o < layer.bias.size(); ++o) {
    const double units = double{layer.bias[o]} / unit;
    if (!(std::abs(units) < kBiasLimit)) {
      throw Error(ErrorKind::kUsage,
                  fmt::format("compile: layer '{}': bias {} of output {} is {} units of its sums, "
                              "beyond 2^45; check its scales",
                              layer.shape.name, layer.bias[o], o, units));
    }
    bias.push_back(std::llround(units));
  }
  return bias;
}

void write_levels(const QuantisedLayer& layer, const LayerPlacement& placement,
                  const TileGeometry& geometry, std::vector<uint8_t>& levels) {
  const int fan_in = layer.shape.fan_in();
  for (int o = 0; o < layer.shape.out_channels; ++o) {
    for (int i = 0; i < fan_in; ++i) {
      const int weight{layer.weights[static_cast<size_t>(o) * fan_in + i]};
      const Polarity active = weight < 0 ? Polarity::kNegative : Polarity::kPositive;
      const int magnitude = std::abs(weight);
      levels[cell_index(geometry, placement, o, i, 0, active)] = magnitude & 3;
      levels[cell_index(geometry, placement, o, i, 1, active)] = magnitude >> 2;
    }
  }
}

}  // namespace

TileSettings CompiledNetwork::settings(size_t layer) const {
  TileSettings settings = common;
  settings.adc = layers.at(layer).adc;
  return settings;
}

CompiledNetwork compile(const QuantisedNetwork& network, const TileGeometry& geometry,
                        const TileSettings& common, const AdcPlan& plan) {
  network.check();
  if (!plan.transparent && plan.step_exp.size() != network.layers.size()) {
    throw Error(ErrorKind::kUsage,
                fmt::format("compile: the ADC plan has {} step exponents for {} layers",
                            plan.step_exp.size(), network.layers.size()));
  }
  CompiledNetwork compiled;
  compiled.name = network.name;
  compiled.geometry = geometry;
  compiled.common = common;
  compiled.common.adc = AdcSettings{};

  std::vector<LayerShape> shapes;
  for (const QuantisedLayer& layer : network.layers) shapes.push_back(layer.shape);
  std::vector<LayerPlacement> placements = place(shapes, geometry);
  check_settings(compiled.common, geometry.rows, geometry.cols);

  compiled.levels.assign(geometry.cells(), 0);
  for (size_t l = 0; l < network.layers.size(); ++l) {
    const QuantisedLayer& layer = network.layers[l];
    CompiledLayer& out = compiled.layers.emplace_back();
    out.shape = layer.shape;
    out.placement = std::move(placements[l]);
    out.adc = layer_adc(plan, l, layer.shape.name, common.lsb_exp);
    check_settings(compiled.settings(l), geometry.rows, geometry.cols);
    const double unit = acc_unit(layer, out.adc, common.lsb_exp);
    out.bias = integer_bias(layer, unit);
    if (l + 1 < network.layers.size()) {
      const Requantiser requantiser =
          make_requantiser(unit / network.layers[l + 1].x_scale, layer.shape.name.c_str());
      out.multiplier = requantiser.multiplier;
      out.right_shift = requantiser.right_shift;
    }
    write_levels(layer, out.placement, geometry, compiled.levels);
  }
  return compiled;
}

}  // namespace crucible::models
