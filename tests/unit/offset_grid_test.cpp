// The bound's conventions, and the grid of offsets chosen for a bound.
#include <gtest/gtest.h>

#include <cmath>

#include "models/error.hpp"
#include "models/variation/weight_box.hpp"
#include "tests/unit/models_support.hpp"

namespace crucible::models {
namespace {

/// Two layers with the given largest weights.
QuantisedNetwork network_of(int first, int second) {
  QuantisedNetwork network;
  network.name = "two";
  network.layers.push_back({testing::dense("fc1", 2, 3), {1, 0, 0, 0, 0, 0}, {0, 0, 0}, 1.0, 1.0});
  network.layers.push_back({testing::dense("fc2", 3, 1), {0, -1, 0}, {0}, 1.0, 1.0});
  network.layers[0].weights[0] = static_cast<int8_t>(first);
  network.layers[1].weights[1] = static_cast<int8_t>(-second);
  return network;
}

std::string refusal(const QuantisedNetwork& network, const VariationBound& bound) {
  try {
    (void)make_grid(network, bound);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
    return error.what();
  }
  return "accepted";
}

TEST(VariationBound, IsSharedOutOverTheSlicesInTheWeightConvention) {
  EXPECT_DOUBLE_EQ(VariationBound::weight_fraction(0.03).levels(15), 0.03 * 15 / 5);
  EXPECT_DOUBLE_EQ(VariationBound::weight_fraction(0.03).levels(5), 0.03);
}

TEST(VariationBound, IsTheSameForAllLayersInTheDeviceConventions) {
  EXPECT_DOUBLE_EQ(VariationBound::device_levels(0.1, IdleDevice::kFixed).levels(3), 0.1);
  EXPECT_DOUBLE_EQ(VariationBound::device_full_scale(0.1, IdleDevice::kFixed).levels(3), 0.3);
}

TEST(VariationBound, ScalesWithinItsConvention) {
  const auto bound = VariationBound::device_levels(0.2, IdleDevice::kDrifts).scaled(0.5);
  EXPECT_EQ(bound.convention(), BoundConvention::kDeviceLevels);
  EXPECT_EQ(bound.idle(), IdleDevice::kDrifts);
  EXPECT_DOUBLE_EQ(bound.value(), 0.1);
}

TEST(VariationBound, DescribesItselfWithItsConvention) {
  EXPECT_EQ(VariationBound::weight_fraction(0.03).describe(), "|dw| <= 0.03 w_max per weight");
  EXPECT_EQ(VariationBound::device_levels(0.1, IdleDevice::kDrifts).describe(),
            "|dg| <= 0.1 levels per device, idle devices drift too");
  EXPECT_EQ(VariationBound::device_full_scale(0.02, IdleDevice::kFixed).describe(),
            "|dg| <= 0.02 of full scale (3 levels) per device, idle devices fixed");
}

TEST(VariationBound, RefusesWhatIsNoPositiveNumber) {
  EXPECT_THROW((void)VariationBound::weight_fraction(0.0), Error);
  EXPECT_THROW((void)VariationBound::weight_fraction(-1.0), Error);
  EXPECT_THROW((void)VariationBound::weight_fraction(std::nan("")), Error);
}

TEST(OffsetGrid, HoldsTheLiteraturesBound) {
  // 0.03 * 15 / 5 = 0.09 levels: 92.16 steps of 2^-10; at 2^-11 it would be 184. The other layer:
  // 0.06 levels.
  const OffsetGrid grid = make_grid(network_of(15, 10), VariationBound::weight_fraction(0.03));
  EXPECT_EQ(grid.lsb_exp, 10);
  EXPECT_EQ(grid.steps, (std::vector<int>{92, 61}));
}

TEST(OffsetGrid, IsTheFinestThatFitsAndNeverExceedsTheBound) {
  testing::Random random(1);
  for (int k = 0; k < 2000; ++k) {
    const double levels = std::ldexp(random(1000, 2000), -random(12, 26));
    const auto bound = VariationBound::device_levels(levels, IdleDevice::kFixed);
    if (levels > 127.0 / 256 || levels < 3.0 / 262144) continue;
    const OffsetGrid grid = make_grid(network_of(15, 10), bound);
    const int steps = grid.steps[0];
    ASSERT_LE(std::ldexp(steps, -grid.lsb_exp), levels);
    ASSERT_GT(std::ldexp(steps + 1, -grid.lsb_exp), levels);
    ASSERT_LE(steps, 127);
    if (grid.lsb_exp < 18) {
      ASSERT_GE(std::floor(std::ldexp(levels, grid.lsb_exp + 1)), 128);
    }
  }
}

TEST(OffsetGrid, KeepsABoundThatIsAWholeNumberOfSteps) {
  // 0.1 * 15 / 5 is 0.30000000000000004 or 0.3, 77 / 256 exactly is 77 steps: rounding down must
  // not lose one.
  const auto bound = VariationBound::weight_fraction(77.0 / 256.0 * 5.0 / 15.0);
  const OffsetGrid grid = make_grid(network_of(15, 15), bound);
  EXPECT_EQ(std::ldexp(grid.steps[0], -grid.lsb_exp), 77.0 / 256.0);
}

TEST(OffsetGrid, NamesTheLargestBoundThatFits) {
  const auto largest = VariationBound::device_levels(127.0 / 256.0, IdleDevice::kFixed);
  EXPECT_EQ(make_grid(network_of(15, 10), largest).steps[0], 127);
  const std::string message =
      refusal(network_of(15, 10), VariationBound::device_levels(0.5, IdleDevice::kFixed));
  EXPECT_NE(message.find("too large for layer 'fc1'"), std::string::npos) << message;
  EXPECT_NE(message.find("|dg| <= 0.496094 levels"), std::string::npos) << message;
  // In the weight convention: 127 / 256 * 5 / 15 = 0.165365 of w_max.
  const std::string weight = refusal(network_of(10, 15), VariationBound::weight_fraction(0.5));
  EXPECT_NE(weight.find("layer 'fc2'"), std::string::npos) << weight;
  EXPECT_NE(weight.find("|dw| <= 0.165365 w_max"), std::string::npos) << weight;
}

TEST(OffsetGrid, NamesTheSmallestBoundThatFits) {
  const double smallest = std::ldexp(3.0, -18);
  const auto fits = VariationBound::device_levels(smallest, IdleDevice::kFixed);
  EXPECT_EQ(make_grid(network_of(15, 10), fits).steps[0], 3);
  const std::string message = refusal(
      network_of(15, 10), VariationBound::device_levels(smallest * 0.9, IdleDevice::kFixed));
  EXPECT_NE(message.find("too small"), std::string::npos) << message;
  EXPECT_NE(message.find("1.14441e-05 levels"), std::string::npos) << message;
}

TEST(OffsetGrid, HoldsAToleranceForEachSlice) {
  // 0.3 and 0.02 levels: 76.8 and 5.12 steps of 2^-8.
  const OffsetGrid grid =
      make_grid(network_of(15, 10), VariationBound::slice_levels({0.3, 0.02}, IdleDevice::kFixed));
  EXPECT_EQ(grid.lsb_exp, 8);
  EXPECT_EQ(grid.steps, (std::vector<int>{76, 76}));
  EXPECT_EQ(grid.slice_steps, (std::vector<std::array<int, 2>>{{76, 5}, {76, 5}}));
}

TEST(OffsetGrid, RefusesSlicesTooFarApartForOneGrid) {
  const std::string message =
      refusal(network_of(15, 10), VariationBound::slice_levels({0.3, 0.001}, IdleDevice::kFixed));
  EXPECT_NE(message.find("0.001 levels in slice 1 of layer 'fc1'"), std::string::npos) << message;
  EXPECT_NE(message.find("0.3 in slice 0"), std::string::npos) << message;
  EXPECT_NE(message.find("up to 42 times apart"), std::string::npos) << message;
}

TEST(OffsetGrid, RefusesAFractionOfNothing) {
  const std::string message = refusal(network_of(15, 0), VariationBound::weight_fraction(0.03));
  EXPECT_NE(message.find("all weights of layer 'fc2' are 0"), std::string::npos) << message;
}

}  // namespace
}  // namespace crucible::models
