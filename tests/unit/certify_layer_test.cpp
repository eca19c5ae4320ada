// One layer's interval product by itself: unknown bits, the ADC's error, ties between logits.
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "host/base/random.hpp"
#include "host/certify/activation_lines.hpp"
#include "host/certify/interval_pass.hpp"
#include "models/network/twin_engine.hpp"
#include "tests/unit/certify_support.hpp"
#include "tests/unit/small_networks.hpp"

namespace crucible::test {
namespace {

using models::IdleDevice;
using models::VariationBound;

BoxedCase one_layer(int inputs, const models::AdcPlan& adc, int steps) {
  CaseSettings settings;
  settings.bound = VariationBound::device_levels(0.03, IdleDevice::kDrifts);
  settings.steps = steps;
  settings.adc = adc;
  return boxed_case("layer", random_network({dense_shape(inputs, 2)}, 11), settings);
}

certify::ProductBounds bounds_of(const BoxedCase& boxed, std::span<const uint8_t> x_low,
                                 std::span<const uint8_t> x_high) {
  const certify::BoxedNetwork network(boxed.network, boxed.compiled, boxed.box, {});
  certify::ProductBounds bounds;
  bounds.resize(2);
  certify::ProductScratch scratch;
  network.product(0).multiply(x_low.data(), x_high.data(), scratch, bounds, 0);
  return bounds;
}

/// acc of a chip, and acc * 2^shift minus its exact sum.
struct Product {
  std::vector<int64_t> acc{0, 0}, error{0, 0};
};

Product product_of(const BoxedCase& boxed, const models::ChipOffsets& chip,
                   std::span<const uint8_t> x) {
  Product product;
  models::CompiledNetwork exact = boxed.compiled;
  exact.layers[0].adc.transparent = true;
  std::vector<int64_t> sum(2);
  models::TwinEngine(boxed.compiled, chip).multiply(0, 0, x, 1, product.acc);
  models::TwinEngine(exact, chip).multiply(0, 0, x, 1, sum);
  for (size_t o = 0; o < 2; ++o)
    product.error[o] = (product.acc[o] << boxed.compiled.layers[0].adc.shift) - sum[o];
  return product;
}

TEST(LayerProduct, HoldsForAnyInputsBetweenTheirEnds) {
  const uint64_t seed = 3;
  CounterRandom random(seed);
  for (const models::AdcPlan& adc : {models::AdcPlan{true, 8, {}}, models::AdcPlan{false, 8, {-3}},
                                     models::AdcPlan{false, 5, {-2}}}) {
    const BoxedCase boxed = one_layer(11, adc, 40);  // two row blocks of the eight-row tile
    for (int k = 0; k < 60; ++k) {
      std::vector<uint8_t> low(11), high(11), x(11);
      for (int i = 0; i < 11; ++i) {  // narrow and wide, across every power of two
        const int middle = random.between(0, 255),
                  width = random.between(0, 1) * random.between(0, 40);
        low[i] = static_cast<uint8_t>(std::max(0, middle - width));
        high[i] = static_cast<uint8_t>(std::min(255, middle + width));
      }
      const certify::ProductBounds bounds = bounds_of(boxed, low, high);
      for (int draw = 0; draw < 40; ++draw) {
        PlainPipeline pipeline(boxed);
        const bool vertex = draw % 2 == 0;
        for (int i = 0; i < 11; ++i) {
          x[i] = static_cast<uint8_t>(vertex ? (random.between(0, 1) == 0 ? low[i] : high[i])
                                             : random.between(low[i], high[i]));
        }
        for (size_t w = 0; w < 22; ++w) {
          CellOffsets
              offsets;  // base 32 is below 40 steps: downwards the rail holds the lower cells
          for (int& offset : offsets)
            offset = vertex ? 80 * random.between(0, 1) - 40 : random.between(-40, 40);
          pipeline.set(0, w, offsets);
        }
        const Product product = product_of(boxed, pipeline.chip(), x);
        for (size_t o = 0; o < 2; ++o) {
          ASSERT_LE(bounds.acc.low[o], product.acc[o]) << "seed " << seed;
          ASSERT_GE(bounds.acc.high[o], product.acc[o]) << "seed " << seed;
          if (adc.transparent) continue;
          ASSERT_LE(bounds.error.low[o], product.error[o]) << "seed " << seed;
          ASSERT_GE(bounds.error.high[o], product.error[o]) << "seed " << seed;
        }
      }
    }
  }
}

/// Seven is 0111 and eight 1000: all four bits are unknown, and a chip can have either.
TEST(LayerProduct, TakesAllBitsBelowTheCommonPrefixAsUnknown) {
  const BoxedCase boxed = one_layer(1, {false, 8, {-3}}, 3);
  for (const auto& [low, high] : std::vector<std::pair<int, int>>{
           {7, 8}, {15, 16}, {31, 32}, {127, 128}, {0, 255}, {100, 130}, {64, 191}}) {
    SCOPED_TRACE(testing::Message() << low << " .. " << high);
    const uint8_t ends[]{static_cast<uint8_t>(low), static_cast<uint8_t>(high)};
    const certify::ProductBounds bounds = bounds_of(boxed, {&ends[0], 1}, {&ends[1], 1});
    for (int value = low; value <= high; ++value) {
      const auto x = static_cast<uint8_t>(value);
      const Product product =
          product_of(boxed, models::ChipOffsets(boxed.compiled.geometry.cells(), 0), {&x, 1});
      for (size_t o = 0; o < 2; ++o) {
        EXPECT_LE(bounds.acc.low[o], product.acc[o]) << value;
        EXPECT_GE(bounds.acc.high[o], product.acc[o]) << value;
        EXPECT_LE(bounds.error.low[o], product.error[o]) << value;
        EXPECT_GE(bounds.error.high[o], product.error[o]) << value;
      }
    }
  }
}

/// A second input keeps the upper planes saturated: only the unknown lower bits count.
TEST(LayerProduct, TakesLowBitsAsUnknownWhereOnlyAHighBitDiffers) {
  CaseSettings settings;
  settings.base = 0;
  settings.adc = {false, 4, {-4}};
  models::QuantisedNetwork network = random_network({dense_shape(2, 2)}, 11);
  network.layers[0].weights = {15, 15, -15, -15};
  const BoxedCase boxed = boxed_case("saturated", std::move(network), settings);
  const std::vector<uint8_t> low{240, 127}, high{240, 255}, x{240, 128};
  const certify::ProductBounds bounds = bounds_of(boxed, low, high);
  const Product product =
      product_of(boxed, models::ChipOffsets(boxed.compiled.geometry.cells(), 0), x);
  for (size_t o = 0; o < 2; ++o) {
    EXPECT_LE(bounds.acc.low[o], product.acc[o]);
    EXPECT_GE(bounds.acc.high[o], product.acc[o]);
  }
}

/// One input with one bit: every column's error runs over its own interval, so the ends are
/// reached.
TEST(LayerProduct, BoundsTheErrorOfTheAdcExactly) {
  for (const int bits : {8, 4}) {
    const BoxedCase boxed = one_layer(1, {false, bits, {-4}}, 12);
    const uint8_t x = 1;
    const certify::ProductBounds bounds = bounds_of(boxed, {&x, 1}, {&x, 1});
    for (size_t o = 0; o < 2; ++o) {
      const int weight = boxed.network.layers[0].weights[o];
      std::array<int64_t, 4> least{}, most{};
      least.fill(std::numeric_limits<int64_t>::max());
      most.fill(std::numeric_limits<int64_t>::min());
      for (int offset = -12; offset <= 12; ++offset) {
        for (int j = 0; j < 4; ++j) {
          const bool active = (j >= 2) == (weight < 0);
          const int level = active ? std::abs(weight) >> (2 * (j % 2)) & 3 : 0;
          const int64_t analog = 32 + 256 * level + offset;
          const int64_t code = std::clamp<int64_t>((analog + 8) >> 4, 0, (1 << bits) - 1);
          least[j] = std::min(least[j], 16 * code - analog);
          most[j] = std::max(most[j], 16 * code - analog);
        }
      }
      EXPECT_EQ(bounds.error.low[o], least[0] + 4 * least[1] - most[2] - 4 * most[3]);
      EXPECT_EQ(bounds.error.high[o], most[0] + 4 * most[1] - least[2] - 4 * least[3]);
    }
  }
}

/// Intervals of sums as they come, wide and narrow, below zero and beyond 255, the ideal chip
/// anywhere inside: the lines hold for any sums in them, the largest of a pool among them.
TEST(ActivationLines, HoldForEverySumInItsInterval) {
  const uint64_t seed = 21;
  CounterRandom random(seed);
  CaseSettings settings;
  settings.adc = {true, 8, {}};
  const BoxedCase boxed = boxed_case(
      "pool", random_network({conv_shape(1, 6, 6, 1, 0, 2, true), dense_shape(18, 2)}, 5),
      settings);
  const certify::BoxedNetwork network(boxed.network, boxed.compiled, boxed.box, {});
  certify::IntervalPass box(network), ideal(network), chip(network);
  certify::ActivationLines lines(network, 0);
  const std::vector<uint8_t> image = random_bytes(36, 1);
  for (certify::IntervalPass* pass : {&box, &ideal, &chip}) pass->run(image);
  const models::CompiledLayer& layer = boxed.compiled.layers[0];
  const int64_t code = (int64_t{1} << layer.right_shift) / layer.multiplier;  // about one code
  const auto within = [&](int64_t low, int64_t high) {
    switch (random.between(0, 3)) {
      case 0:
        return low;
      case 1:
        return high;
      default:
        return low + (high - low) * random.between(0, 1000) / 1000;
    }
  };
  int sloped = 0;
  for (int k = 0; k < 300; ++k) {
    certify::Intervals& acc = box.state(0).product.acc;
    for (size_t i = 0; i < acc.low.size(); ++i) {
      acc.low[i] = code * random.between(-600, 2700) / 10;
      acc.high[i] = acc.low[i] + code * random.between(0, 1 + 500 * (k % 3)) / 10;
    }
    const auto draw = [&](certify::IntervalPass& pass) {
      certify::Intervals& own = pass.state(0).product.acc;
      for (size_t i = 0; i < acc.low.size(); ++i)
        own.low[i] = own.high[i] = within(acc.low[i], acc.high[i]);
      pass.rerun_after(0);
    };
    box.rerun_after(0);
    draw(ideal);
    lines.find(box.state(0), ideal.state(0));
    for (int sample = 0; sample < 10; ++sample) {
      draw(chip);
      for (size_t n = 0; n < 18; ++n) {
        const int change = int{chip.state(0).y_low[n]} - int{ideal.state(0).y_low[n]};
        const auto value = [&](const certify::Line& line) {
          const int64_t moved =
              chip.state(0).product.acc.low[line.sum] - ideal.state(0).product.acc.low[line.sum];
          sloped += line.slope > 0 ? 1 : 0;
          EXPECT_LE(std::abs(moved), line.slope > 0 ? line.reach : 1e18);
          return line.slope * static_cast<double>(moved) + line.intercept;
        };
        ASSERT_GE(change, value(lines.under(n, 1.0))) << "seed " << seed << ", " << n;
        ASSERT_LE(change, value(lines.under(n, -1.0))) << "seed " << seed << ", " << n;
      }
    }
  }
  EXPECT_GT(sloped, 1000);
}

TEST(Certifies, GivesTiesToTheLowestIndex) {
  const std::vector<int64_t> tie_above{5, 0, 0}, tie_below{0, 0, 5};
  EXPECT_TRUE(certify::certifies(tie_above, 1));
  EXPECT_FALSE(certify::certifies(tie_below, 1));
  EXPECT_TRUE(certify::certifies(std::vector<int64_t>{1, 0, 0}, 1));
  EXPECT_FALSE(certify::certifies(std::vector<int64_t>{1, 0, -1}, 1));
}

}  // namespace
}  // namespace crucible::test
