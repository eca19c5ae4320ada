// Random cells, settings and networks for the tests of models/.
#pragma once

#include <algorithm>
#include <cmath>
#include <random>
#include <string>

#include "models/network/compiled_network.hpp"
#include "models/network/network.hpp"
#include "models/tile/tile_twin.hpp"

namespace crucible::models::testing {

/// Uniform integers from a seeded generator. std::uniform_int_distribution differs between
/// libraries.
class Random {
 public:
  explicit Random(uint64_t seed) : engine_(seed) {}
  int operator()(int lowest, int highest) {
    const auto values = static_cast<uint64_t>(highest - lowest) + 1;
    return lowest + static_cast<int>(engine_() % values);
  }
  bool one_in(int n) { return (*this)(1, n) == 1; }

 private:
  std::mt19937_64 engine_;
};

/// Offsets of every size, extremes included.
inline int8_t random_offset(Random& random) {
  switch (random(0, 5)) {
    case 0:
      return -128;
    case 1:
      return 127;
    case 2:
      return 0;
    default:
      return static_cast<int8_t>(random(-128, 127));
  }
}

inline BankCells random_cells(Random& random, int rows, int cols) {
  BankCells cells{rows, cols, {}, {}};
  for (int i = 0; i < rows * cols; ++i) {
    cells.levels.push_back(static_cast<uint8_t>(random(0, 3)));
    cells.offsets.push_back(random_offset(random));
  }
  return cells;
}

/// Any legal settings; the ADC's shift lies mostly where codes are neither all zero nor all
/// saturated.
inline TileSettings random_settings(Random& random, int rows, int cols) {
  TileSettings settings;
  settings.inject = !random.one_in(4);
  settings.lsb_exp = random(8, 18);
  settings.base = random.one_in(3) ? 0 : random(0, 255);
  settings.adc.transparent = random.one_in(5);
  settings.adc.bits = random(1, 12);
  int top = settings.lsb_exp;  // bits of the largest sum
  while ((1 << (top - settings.lsb_exp)) < 3 * rows) ++top;
  settings.adc.shift =
      random.one_in(4) ? random(0, 27) : std::clamp(top - settings.adc.bits + random(-2, 2), 0, 27);
  if (!random.one_in(3)) {
    for (int c = 0; c < cols; ++c) {
      const int extreme = random(0, 9);
      settings.adc_offset.push_back(static_cast<int16_t>(extreme == 0   ? -32768
                                                         : extreme == 1 ? 32767
                                                                        : random(-2000, 2000)));
    }
  }
  return settings;
}

/// A table of `count` entries between `lowest` and `highest`, now and then their ends, now and then
/// empty.
template <class Value>
std::vector<Value> random_table(Random& random, int count, int lowest, int highest) {
  if (random.one_in(6)) return {};
  std::vector<Value> table;
  for (int i = 0; i < count; ++i) {
    const int end = random(0, 7);
    table.push_back(static_cast<Value>(end == 0   ? lowest
                                       : end == 1 ? highest
                                                  : random(lowest, highest)));
  }
  return table;
}

/// Any legal effects of a bank, each on in half of the cases.
inline EffectSettings random_effects(Random& random, int rows, int cols) {
  EffectSettings effects;
  effects.drift = random.one_in(2);
  effects.stuck = random.one_in(2);
  effects.noise = static_cast<ReadNoise>(random(0, 2));
  effects.attenuation = random.one_in(2);
  effects.adc_gain = random.one_in(2);
  effects.adc_inl = random.one_in(2);
  effects.dac = random.one_in(2);
  for (auto& loss : effects.drift_loss)
    loss = static_cast<uint16_t>(random.one_in(5) ? 0xFFFF : random(0, 0x7FFF));
  effects.noise_seed = static_cast<uint64_t>(random(0, 0x7FFFFFFF)) * 0x9E3779B97F4A7C15;
  const auto variance = [&] {
    return static_cast<uint32_t>(random.one_in(4) ? 0 : random(0, 0xFFFFFF) >> random(0, 20));
  };
  effects.noise_cell = variance();
  effects.noise_slope = variance();
  const int largest_loss = random.one_in(3) ? 0x7FFF : 0x7FF;
  effects.row_loss = random_table<uint16_t>(random, rows, 0, largest_loss);
  effects.col_loss = random_table<uint16_t>(random, cols, 0, largest_loss);
  effects.dac_offset = random_table<int8_t>(random, rows, -128, 127);
  effects.dac_gain = random_table<int8_t>(random, rows, -128, 127);
  effects.dac_inl = random_table<int8_t>(random, 16 * rows, -128, 127);
  effects.adc_gain_error = random_table<int16_t>(random, cols, -32768, 32767);
  effects.adc_inl_steps = random_table<int8_t>(random, 16 * cols, -128, 127);
  return effects;
}

/// A few stuck cells, or none at all, and the number of the bank.
inline void add_stuck(Random& random, BankCells& cells) {
  cells.bank = static_cast<uint32_t>(random(0, 71));
  if (random.one_in(5)) return;
  for (size_t i = 0; i < cells.levels.size(); ++i)
    cells.stuck.push_back(static_cast<uint8_t>(random.one_in(4) ? random(1, 2) : 0));
}

/// Inputs with zeros as activations have them, and now and then a vector of zeros or of ones.
inline std::vector<uint8_t> random_inputs(Random& random, int count, int rows) {
  std::vector<uint8_t> x;
  for (int k = 0; k < count; ++k) {
    const int kind = random(0, 7);
    for (int r = 0; r < rows; ++r) {
      const int value = random(0, 255);
      x.push_back(static_cast<uint8_t>(kind == 0                    ? 0
                                       : kind == 1                  ? 255
                                       : kind == 2                  ? value & 0x11
                                       : kind < 6 && value % 2 == 0 ? 0
                                                                    : value));
    }
  }
  return x;
}

inline LayerShape conv(const std::string& name, int channels, int side, int kernel, int pad,
                       int outputs, bool pool) {
  return {LayerKind::kConv, name, channels, side, side, kernel, pad, outputs, pool};
}

inline LayerShape dense(const std::string& name, int inputs, int outputs) {
  LayerShape shape;
  shape.name = name;
  shape.in_channels = inputs;
  shape.out_channels = outputs;
  return shape;
}

/// Random weights and biases whose activations neither vanish nor all saturate.
inline QuantisedNetwork random_network(Random& random, const std::vector<LayerShape>& shapes) {
  QuantisedNetwork network;
  network.name = "random";
  double x_scale = 1.0 / 255;
  for (const LayerShape& shape : shapes) {
    QuantisedLayer layer;
    layer.shape = shape;
    layer.w_scale = 0.02 + 0.001 * random(0, 9);
    layer.x_scale = x_scale;
    for (int i = 0; i < shape.weight_count(); ++i) {
      layer.weights.push_back(
          static_cast<int8_t>(random.one_in(8) ? random(-15, 15) : random(-4, 4)));
    }
    layer.weights.front() = 15;
    for (int o = 0; o < shape.out_channels; ++o) {
      layer.bias.push_back(static_cast<float>(random(-50, 50)) / 500.0F);
    }
    network.layers.push_back(layer);
    x_scale *= layer.w_scale * 4.0 * std::sqrt(shape.fan_in());
  }
  return network;
}

/// A small convolutional network: conv, pool, conv with padding, pool, two fully connected layers.
inline std::vector<LayerShape> small_shapes() {
  return {conv("conv1", 1, 12, 3, 1, 5, true), conv("conv2", 5, 6, 3, 1, 7, true),
          dense("fc1", 63, 9), dense("fc2", 9, 4)};
}

}  // namespace crucible::models::testing
