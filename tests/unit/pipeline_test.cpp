// The integer pipeline against a naive one written from docs/numerics.md, and its independence of
// chunks and kernels.
#include <gtest/gtest.h>

#include <cmath>

#include "models/error.hpp"
#include "models/network/twin_engine.hpp"
#include "tests/unit/models_support.hpp"

namespace crucible::models {
namespace {

constexpr TileGeometry kTile{16, 16, 64};

struct Case {
  CompiledNetwork network;
  ChipOffsets offsets;
  ChipStuck stuck;
  std::vector<uint8_t> images;
  int count = 0;
};

/// v of one layer for image `number`: [positions][channels], through reference_multiply.
std::vector<int64_t> naive_layer(const Case& made, size_t index, int number,
                                 const std::vector<uint8_t>& image) {
  const CompiledNetwork& network = made.network;
  const CompiledLayer& layer = network.layers[index];
  const LayerShape& s = layer.shape;
  const TileGeometry& g = network.geometry;
  std::vector<int64_t> v;
  for (int row = 0; row < s.conv_height(); ++row) {
    for (int column = 0; column < s.conv_width(); ++column) {
      std::vector<uint8_t> patch;
      for (int c = 0; c < s.in_channels; ++c) {
        for (int ky = 0; ky < s.kernel; ++ky) {
          for (int kx = 0; kx < s.kernel; ++kx) {
            const int y = row + ky - s.pad, x = column + kx - s.pad;
            const bool inside = y >= 0 && y < s.in_height && x >= 0 && x < s.in_width;
            patch.push_back(inside ? image[(c * s.in_height + y) * s.in_width + x] : 0);
          }
        }
      }
      std::vector<int64_t> acc(layer.bias);
      for (const BankPlacement& bank : layer.placement.banks) {
        const size_t first = static_cast<size_t>(bank.bank) * g.rows * g.cols;
        const size_t size = static_cast<size_t>(g.rows) * g.cols;
        BankCells cells{g.rows, g.cols, {}, {}};
        cells.bank = static_cast<uint32_t>(bank.bank);
        cells.levels.assign(network.levels.begin() + first, network.levels.begin() + first + size);
        cells.offsets.assign(made.offsets.begin() + first, made.offsets.begin() + first + size);
        if (!made.stuck.empty())
          cells.stuck.assign(made.stuck.begin() + first, made.stuck.begin() + first + size);
        const int read = number * s.positions() + row * s.conv_width() + column;
        std::vector<int64_t> out(bank.outputs);
        TileCounters counters;
        reference_multiply(cells, bank.inputs, 4 * bank.outputs, network.settings(index),
                           static_cast<uint32_t>(read),
                           std::span(patch).subspan(bank.first_input, bank.inputs), 1, out,
                           counters);
        for (int o = 0; o < bank.outputs; ++o) acc[bank.first_output + o] += out[o];
      }
      v.insert(v.end(), acc.begin(), acc.end());
    }
  }
  return v;
}

std::vector<uint8_t> naive_activations(const CompiledLayer& layer, const std::vector<int64_t>& v) {
  const LayerShape& s = layer.shape;
  const auto at = [&](int channel, int row, int column) {
    const int64_t value =
        v[(static_cast<size_t>(row) * s.conv_width() + column) * s.out_channels + channel];
    const int64_t y =
        (value * layer.multiplier + (int64_t{1} << (layer.right_shift - 1))) >> layer.right_shift;
    return static_cast<uint8_t>(std::clamp<int64_t>(y, 0, 255));
  };
  std::vector<uint8_t> out;
  for (int c = 0; c < s.out_channels; ++c) {
    for (int row = 0; row < s.out_height(); ++row) {
      for (int column = 0; column < s.out_width(); ++column) {
        if (!s.pool) {
          out.push_back(at(c, row, column));
          continue;
        }
        out.push_back(
            std::max({at(c, 2 * row, 2 * column), at(c, 2 * row, 2 * column + 1),
                      at(c, 2 * row + 1, 2 * column), at(c, 2 * row + 1, 2 * column + 1)}));
      }
    }
  }
  return out;
}

Case random_case(uint64_t seed, const std::vector<LayerShape>& shapes, int count,
                 bool effects = false) {
  testing::Random random(seed);
  const QuantisedNetwork network = testing::random_network(random, shapes);
  Case made;
  TileSettings common;
  common.inject = true;
  common.lsb_exp = random(8, 18);
  common.base = random(0, 40);
  for (int c = 0; c < kTile.cols; ++c) {
    common.adc_offset.push_back(static_cast<int16_t>(random(-200, 200)));
  }
  if (effects) {
    common.effects = testing::random_effects(random, kTile.rows, kTile.cols);
    common.effects.noise = seed % 2 == 0 ? ReadNoise::kColumn : ReadNoise::kCell;
    common.effects.noise_cell = 1 << 14;  // an eighth of a level
    for (size_t i = 0; i < kTile.cells(); ++i)
      made.stuck.push_back(static_cast<uint8_t>(random.one_in(20) ? random(1, 2) : 0));
  }
  AdcPlan plan{random.one_in(3), 8, {}};
  for (size_t l = 0; l < shapes.size(); ++l) plan.step_exp.push_back(random(-3, 0));
  made.network = compile(network, kTile, common, plan);
  for (size_t i = 0; i < kTile.cells(); ++i) made.offsets.push_back(testing::random_offset(random));
  made.count = count;
  made.images = testing::random_inputs(random, count, made.network.input_size());
  return made;
}

std::vector<int64_t> run(const Case& made, Kernel kernel, int first, int count) {
  TwinEngine engine(made.network, made.offsets, kernel, made.stuck);
  const size_t size = made.network.input_size();
  std::vector<int64_t> logits(static_cast<size_t>(count) * made.network.classes());
  run_pipeline(made.network, engine, std::span(made.images).subspan(first * size, count * size),
               count, logits, {}, first);
  return logits;
}

std::vector<int64_t> naive_run(const Case& made) {
  const size_t size = made.network.input_size(), layers = made.network.layers.size();
  std::vector<int64_t> logits;
  for (int k = 0; k < made.count; ++k) {
    std::vector<uint8_t> image(made.images.begin() + k * size,
                               made.images.begin() + (k + 1) * size);
    for (size_t l = 0; l + 1 < layers; ++l)
      image = naive_activations(made.network.layers[l], naive_layer(made, l, k, image));
    const auto v = naive_layer(made, layers - 1, k, image);
    logits.insert(logits.end(), v.begin(), v.end());
  }
  return logits;
}

TEST(Pipeline, EqualsTheNaivePipeline) {
  for (uint64_t seed = 1; seed <= 8; ++seed) {
    const Case made = random_case(seed, testing::small_shapes(), 3);
    EXPECT_EQ(run(made, Kernel::kPortable, 0, made.count), naive_run(made)) << "seed " << seed;
  }
}

TEST(Pipeline, TakesOddSizesOtherKernelsAndLayersWithoutPooling) {
  const std::vector<LayerShape> shapes = {testing::conv("a", 2, 9, 5, 0, 3, false),
                                          testing::conv("b", 3, 5, 2, 1, 4, true),
                                          testing::conv("c", 4, 3, 3, 0, 6, false)};
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    const Case made = random_case(seed, shapes, 2);
    EXPECT_EQ(run(made, best_kernel(), 0, made.count), naive_run(made)) << "seed " << seed;
  }
}

TEST(Pipeline, EqualsTheNaivePipelineWithEffects) {
  for (uint64_t seed = 1; seed <= 12; ++seed) {
    const Case made = random_case(seed, testing::small_shapes(), 3, true);
    EXPECT_EQ(run(made, best_kernel(), 0, made.count), naive_run(made)) << "seed " << seed;
  }
}

TEST(Pipeline, GivesTheSameLogitsWithEveryKernel) {
  const Case made = random_case(21, testing::small_shapes(), 40);
  const auto expected = run(made, Kernel::kPortable, 0, made.count);
  for (const Kernel kernel : {Kernel::kAvx2, Kernel::kAvx512}) {
    if (!has_kernel(kernel)) continue;
    EXPECT_EQ(run(made, kernel, 0, made.count), expected) << kernel_name(kernel);
  }
}

TEST(Pipeline, GivesTheSameLogitsHoweverManyImagesACallTakes) {
  for (const bool effects : {false, true}) {
    const Case made = random_case(22, testing::small_shapes(), 300, effects);  // two chunks
    const auto all = run(made, best_kernel(), 0, made.count);
    std::vector<int64_t> parts;
    testing::Random random(1);
    for (int first = 0; first < made.count;) {
      const int count = std::min(random(0, 70), made.count - first);
      const auto part = run(made, best_kernel(), first, count);
      parts.insert(parts.end(), part.begin(), part.end());
      first += count;
    }
    EXPECT_EQ(parts, all);
  }
}

TEST(Pipeline, DistinguishesImages) {  // a guard against tests that compare constants
  const Case made = random_case(23, testing::small_shapes(), 40);
  const auto logits = run(made, best_kernel(), 0, made.count);
  int distinct = 0;
  for (size_t i = 4; i < logits.size(); i += 4) distinct += logits[i] != logits[i - 4] ? 1 : 0;
  EXPECT_GT(distinct, 20);
}

TEST(Pipeline, DrawsOtherNoiseForEveryImage) {
  Case made = random_case(26, testing::small_shapes(), 2, true);
  const size_t size = made.network.input_size();
  std::copy_n(made.images.begin(), size, made.images.begin() + static_cast<std::ptrdiff_t>(size));
  const auto logits = run(made, best_kernel(), 0, 2);
  const size_t classes = logits.size() / 2;
  EXPECT_FALSE(std::equal(logits.begin(), logits.begin() + static_cast<std::ptrdiff_t>(classes),
                          logits.begin() + static_cast<std::ptrdiff_t>(classes)));
}

TEST(Pipeline, RefusesBuffersOfTheWrongSize) {
  const Case made = random_case(24, testing::small_shapes(), 2);
  TwinEngine engine(made.network, made.offsets);
  std::vector<int64_t> logits(7);
  EXPECT_THROW(run_pipeline(made.network, engine, made.images, 2, logits), Error);
}

TEST(TwinEngine, CountsProductsOfAllBanks) {
  const Case made = random_case(25, testing::small_shapes(), 2);
  TwinEngine engine(made.network, made.offsets);
  std::vector<int64_t> logits(8);
  run_pipeline(made.network, engine, made.images, 2, logits);
  size_t products = 0;
  for (const auto& layer : made.network.layers)
    products += layer.shape.positions() * layer.placement.banks.size();
  EXPECT_EQ(engine.counters().products, 2 * products);
}

TEST(TwinEngine, RefusesOffsetsOfAnotherTile) {
  const Case made = random_case(26, testing::small_shapes(), 1);
  EXPECT_THROW(TwinEngine(made.network, ChipOffsets(7)), Error);
  EXPECT_THROW(TwinEngine(made.network, ChipOffsets{}), Error);  // injection is on
}

TEST(TwinEngine, NeedsNoOffsetsWhileInjectionIsOff) {
  Case made = random_case(27, testing::small_shapes(), 1);
  made.network.common.inject = false;
  EXPECT_NO_THROW(TwinEngine(made.network, ChipOffsets{}));
}

TEST(PredictedClass, IsTheLowestIndexOfTheLargestLogit) {
  EXPECT_EQ(predicted_class(std::vector<int64_t>{-5, 7, 3, 7}), 1);
  EXPECT_EQ(predicted_class(std::vector<int64_t>{-5, -5}), 0);
}

}  // namespace
}  // namespace crucible::models
