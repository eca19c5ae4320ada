#include "host/experiment/sensitivity_map.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

#include "host/experiment/heat_map.hpp"
#include "host/search/run_search.hpp"
#include "models/error.hpp"
#include "models/mapping/placement.hpp"
#include "tests/unit/small_networks.hpp"

namespace crucible::experiment {
namespace {

constexpr uint64_t kSeed = 11;

models::QuantisedNetwork two_layers() {
  return test::random_network({test::dense_shape(6, 5), test::dense_shape(5, 3)}, kSeed);
}

std::vector<models::WeightBox> boxes(const models::QuantisedNetwork& network) {
  using models::IdleDevice;
  using models::VariationBound;
  return {models::make_box(network, VariationBound::weight_fraction(0.03),
                           models::Realisation::kPair, 0),
          models::make_box(network, VariationBound::weight_fraction(0.03),
                           models::Realisation::kActive, 3),
          models::make_box(network, VariationBound::device_levels(0.1, IdleDevice::kDrifts),
                           models::Realisation::kPair, 10),
          models::make_box(network, VariationBound::device_levels(0.1, IdleDevice::kFixed),
                           models::Realisation::kPair, 0)};
}

TEST(OnlyLayer, LeavesOneLayersIntervalsAndEmptiesTheOthers) {
  const models::QuantisedNetwork network = two_layers();
  const models::WeightBox box = boxes(network)[0];
  const models::WeightBox only = only_layer(box, 1);
  EXPECT_EQ(only.lo[1], box.lo[1]);
  EXPECT_EQ(only.hi[1], box.hi[1]);
  EXPECT_EQ(only.lo[0], std::vector<float>(30, 0.0F));
  EXPECT_EQ(only.hi[0], std::vector<float>(30, 0.0F));
}

TEST(OnlyLayer, IsSearchedWithoutMovingTheOthers) {
  const models::QuantisedNetwork network = two_layers();
  const models::WeightBox only = only_layer(boxes(network)[0], 0);
  const std::vector<uint8_t> images = test::random_bytes(40 * 6, kSeed);
  const std::vector<uint8_t> labels = test::own_labels(network, images);
  const search::SearchProblem problem{
      .network = network, .box = only, .images = images, .labels = labels, .threads = 1};
  search::SearchSettings settings;
  settings.effort = 0.2;
  const search::SearchResult result = search::run_search(problem, "margin-ascent", settings);
  EXPECT_EQ(result.delta[1], std::vector<float>(15, 0.0F));
  EXPECT_NE(result.delta[0], std::vector<float>(30, 0.0F));
}

/// What the four cells of a weight can add up to is the weight's interval, so their first-order
/// figures add up to |gradient| times half of it. Doubles of few bits: exact but for the last.
TEST(CellSensitivity, AddsUpToTheWeightsHalfInterval) {
  const models::QuantisedNetwork network = two_layers();
  for (const models::WeightBox& box : boxes(network)) {
    std::vector<float> gradient(30);
    for (size_t i = 0; i < gradient.size(); ++i)
      gradient[i] = (i % 2 == 0 ? 0.25F : -0.5F) * static_cast<float>(i);
    const CellMap map = cell_sensitivity(network, box, 0, gradient);
    ASSERT_EQ(map.rows, 6);
    ASSERT_EQ(map.cols, 20);
    for (int o = 0; o < 5; ++o) {
      for (int i = 0; i < 6; ++i) {
        double sum = 0;
        for (int c = 0; c < 4; ++c) sum += map.values[static_cast<size_t>(i * 20 + 4 * o + c)];
        const size_t weight = static_cast<size_t>(o * 6 + i);
        const double half = 0.5 * (box.hi[0][weight] - box.lo[0][weight]);
        EXPECT_DOUBLE_EQ(sum, std::abs(gradient[weight]) * half)
            << box.bound.describe() << " weight " << weight;
      }
    }
  }
}

TEST(CellSensitivity, BanksAddUpToTheLayer) {
  const models::QuantisedNetwork network = two_layers();
  const CellMap map =
      cell_sensitivity(network, boxes(network)[0], 0, std::vector<float>(30, 0.125F));
  const auto placements = models::place({network.layers[0].shape}, {4, 8, 8});
  ASSERT_GT(placements[0].banks.size(), 2U);
  double sum = 0;
  for (const models::BankPlacement& bank : placements[0].banks) sum += bank_sum(map, bank);
  // Sums of multiples of one power of two: exact in any order.
  EXPECT_EQ(sum, map.total());
  EXPECT_GT(bank_sum(map, placements[0].banks[0]), 0.0);
  EXPECT_LT(bank_sum(map, placements[0].banks[0]), sum);
}

int brightness(const std::array<uint8_t, 3>& colour) { return colour[0] + colour[1] + colour[2]; }

TEST(HeatMap, IsBlackAtZeroAndBrighterForLarger) {
  EXPECT_EQ(brightness(heat_colour(0, 1)), 0);
  EXPECT_EQ(heat_colour(1, 1), heat_colour(2, 1));
  EXPECT_EQ(heat_colour(1 / kHeatRange, 1), heat_colour(1e-9, 1));
  int before = 0;
  for (const double value : {1e-4, 1e-3, 1e-2, 1e-1, 1.0}) {
    EXPECT_GT(brightness(heat_colour(value, 1)), before) << value;
    before = brightness(heat_colour(value, 1));
  }
}

TEST(HeatMap, SaysWhichFileItCannotWrite) {
  const std::vector<double> values{0, 1};
  EXPECT_THROW(write_heat_map("no/such/folder/map.png", 1, 2, values, 1), Error);
  EXPECT_THROW(write_heat_map("map.png", 2, 2, values, 1), Error);
}

}  // namespace
}  // namespace crucible::experiment
