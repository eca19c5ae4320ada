// A quantised network compiled for a tile: levels, bias, requantisation, ADC.
#include <gtest/gtest.h>

#include <cmath>

#include "models/error.hpp"
#include "models/network/requantise.hpp"
#include "tests/unit/models_support.hpp"

namespace crucible::models {
namespace {

constexpr TileGeometry kTile{16, 16, 64};

QuantisedNetwork small_network() {
  testing::Random random(5);
  return testing::random_network(random, testing::small_shapes());
}

AdcPlan plan_of(int step) { return {false, 8, std::vector<int>(4, step)}; }

TEST(Compile, WritesMagnitudesAsLevelsOfTheActivePolarity) {
  QuantisedNetwork network = small_network();
  network.layers[2].weights[3] = -13;  // output 0, input 3: slices 1 and 3
  const CompiledNetwork compiled = compile(network, kTile, {}, plan_of(0));
  const LayerPlacement& fc1 = compiled.layers[2].placement;
  const auto level = [&](int slice, Polarity polarity) {
    return compiled.levels[cell_index(kTile, fc1, 0, 3, slice, polarity)];
  };
  EXPECT_EQ(level(0, Polarity::kNegative), 1);
  EXPECT_EQ(level(1, Polarity::kNegative), 3);
  EXPECT_EQ(level(0, Polarity::kPositive), 0);
  EXPECT_EQ(level(1, Polarity::kPositive), 0);
  int64_t sum = 0, expected = 0;
  for (const uint8_t l : compiled.levels) sum += l;
  for (const auto& layer : network.layers) {
    for (const int8_t w : layer.weights) expected += (std::abs(w) & 3) + (std::abs(w) >> 2);
  }
  EXPECT_EQ(sum, expected);  // and nothing anywhere else
}

TEST(Compile, RoundsTheBiasInUnitsOfTheSums) {
  QuantisedNetwork network = small_network();
  network.layers[0].w_scale = 0.5;
  network.layers[0].x_scale = 0.25;
  network.layers[0].bias = {1.0F, -1.0F, 0.5F, -0.25F, 0.75F};
  // step 2^2 levels: a unit is 4 * 0.125 = 0.5, and halves go away from zero.
  const CompiledNetwork compiled = compile(network, kTile, {}, plan_of(2));
  EXPECT_EQ(compiled.layers[0].bias, (std::vector<int64_t>{2, -2, 1, -1, 2}));
  EXPECT_EQ(compiled.layers[0].adc.shift, 10);
  TileSettings fine;
  fine.lsb_exp = 12;
  AdcPlan transparent = plan_of(2);
  transparent.transparent = true;
  EXPECT_EQ(compile(network, kTile, fine, transparent).layers[0].bias[2], 4 * 4096);
  EXPECT_EQ(compile(network, kTile, fine, plan_of(2)).layers[0].adc.shift, 14);
}

TEST(Compile, RequantisesWithinHalfAnLsbOfTheRealRatio) {
  const CompiledNetwork compiled = compile(small_network(), kTile, {}, plan_of(-1));
  const QuantisedNetwork network = small_network();
  for (size_t l = 0; l + 1 < network.layers.size(); ++l) {
    const double unit = std::ldexp(network.layers[l].w_scale * network.layers[l].x_scale, -1);
    const double ratio = unit / network.layers[l + 1].x_scale;
    EXPECT_GE(compiled.layers[l].multiplier, 32768U);
    EXPECT_LT(compiled.layers[l].multiplier, 65536U);
    // M is rounded to 16 bits: a relative error of at most half of 2^-15.
    EXPECT_NEAR(std::ldexp(compiled.layers[l].multiplier, -compiled.layers[l].right_shift), ratio,
                ratio * 0x1p-16);
  }
}

TEST(Requantiser, MovesARoundedUpMultiplierToTheNextPowerOfTwo) {
  const Requantiser requantiser = make_requantiser(1.0 - 1e-9, "x");
  EXPECT_EQ(requantiser.multiplier, 32768U);
  EXPECT_EQ(requantiser.right_shift, 15);
}

TEST(Requantiser, FollowsTheFormulaForEverySign) {
  testing::Random random(9);
  for (int k = 0; k < 20000; ++k) {
    const Requantiser requantiser{static_cast<uint32_t>(random(32768, 65535)), random(1, 62)};
    const int64_t v = static_cast<int64_t>(random(-1000000, 1000000)) << random(0, 30);
    const int64_t limit = int64_t{1} << 45;
    const int64_t held = std::clamp(v, -limit, limit - 1);
    const int64_t half = int64_t{1} << (requantiser.right_shift - 1);
    const int64_t y = (held * int64_t{requantiser.multiplier} + half) >> requantiser.right_shift;
    const int64_t expected = std::clamp<int64_t>(y, 0, 255);
    ASSERT_EQ(requantiser(v), expected)
        << v << " * " << requantiser.multiplier << " >> " << requantiser.right_shift;
  }
}

TEST(Compile, RefusesScalesThatNoMultiplierGives) {
  QuantisedNetwork network = small_network();
  network.layers[1].x_scale = 1e-9;
  EXPECT_THROW((void)compile(network, kTile, {}, plan_of(0)), Error);
  network = small_network();
  network.layers[3].w_scale = 1e-30;
  network.layers[3].bias[0] = 1.0F;
  EXPECT_THROW((void)compile(network, kTile, {}, plan_of(0)), Error);
}

TEST(Compile, RefusesAnAdcThatTheRegistersCannotHold) {
  EXPECT_THROW((void)compile(small_network(), kTile, {}, plan_of(-9)), Error);
  EXPECT_THROW((void)compile(small_network(), kTile, {}, plan_of(20)), Error);
  EXPECT_THROW((void)compile(small_network(), kTile, {}, AdcPlan{false, 8, {0, 0}}), Error);
  EXPECT_THROW((void)compile(small_network(), kTile, {}, AdcPlan{false, 13, {0, 0, 0, 0}}), Error);
}

TEST(Compile, RefusesATileWithTooFewBanks) {
  EXPECT_THROW((void)compile(small_network(), {16, 16, 3}, {}, plan_of(0)), Error);
}

}  // namespace
}  // namespace crucible::models
