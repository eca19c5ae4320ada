// The calibrated ADC steps hold what docs/numerics.md asks of them.
#include <gtest/gtest.h>

#include "models/error.hpp"
#include "models/network/twin_engine.hpp"
#include "tests/unit/models_support.hpp"

namespace crucible::models {
namespace {

constexpr TileGeometry kTile{16, 16, 64};
constexpr int kImages = 60;

struct Trained {
  QuantisedNetwork network;
  std::vector<uint8_t> images;
};

Trained trained(uint64_t seed) {
  testing::Random random(seed);
  Trained made{testing::random_network(random, testing::small_shapes()), {}};
  made.images = testing::random_inputs(random, kImages, 144);
  return made;
}

/// Saturations of one layer's conversions, and of the layers before it, with this plan.
uint64_t saturations(const Trained& made, const AdcPlan& plan, int base) {
  TileSettings common;
  common.base = base;
  const CompiledNetwork compiled = compile(made.network, kTile, common, plan);
  TwinEngine engine(compiled, {});
  std::vector<int64_t> logits(kImages * 4);
  run_pipeline(compiled, engine, made.images, kImages, logits);
  return engine.counters().saturations;
}

TEST(CalibrateAdc, LeavesNoSaturationOnItsImagesAndIsNotOneStepTooCoarse) {
  for (const int base : {0, 32, 255}) {
    for (uint64_t seed = 1; seed <= 5; ++seed) {
      const Trained made = trained(seed);
      const AdcPlan plan = calibrate_adc(made.network, kTile, base, 6, made.images, kImages);
      EXPECT_EQ(plan.bits, 6);
      EXPECT_FALSE(plan.transparent);
      EXPECT_EQ(saturations(made, plan, base), 0U) << "seed " << seed << ", base " << base;
      // Two steps finer, at most a quarter of 1.1 times the largest sum fits: the last layer must
      // saturate.
      AdcPlan finer = plan;
      finer.step_exp.back() -= 2;
      EXPECT_GT(saturations(made, finer, base), 0U) << "seed " << seed << ", base " << base;
    }
  }
}

TEST(CalibrateAdc, TakesTheSmallestStepWithATenthToSpare) {
  // One weight, one input: the largest sum is the level, 3 levels plus the base.
  QuantisedNetwork network;
  network.layers.push_back({testing::dense("fc", 1, 1), {3}, {0.0F}, 1.0, 1.0});
  const std::vector<uint8_t> image{255};
  const auto step = [&](int base, int bits) {
    return calibrate_adc(network, kTile, base, bits, image, 1).step_exp.front();
  };
  EXPECT_EQ(step(0, 8), -6);   // 3.3 / 2^-6 = 211 <= 255, at 2^-7 422
  EXPECT_EQ(step(0, 2), 1);    // 3.3 / 2 <= 3, and 3.3 > 3
  EXPECT_EQ(step(255, 2), 1);  // 4.4 / 2 = 2.2
  EXPECT_EQ(step(0, 12), -8);  // the finest there is
}

TEST(CalibrateAdc, RefusesToWorkWithoutImages) {
  const Trained made = trained(1);
  EXPECT_THROW((void)calibrate_adc(made.network, kTile, 0, 8, {}, 0), Error);
  EXPECT_THROW((void)calibrate_adc(made.network, kTile, 0, 8, made.images, kImages - 1), Error);
}

}  // namespace
}  // namespace crucible::models
