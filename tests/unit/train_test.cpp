// Training on a small generated set: it learns, and the same seed gives the same network.
#include "host/train/train.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <numeric>

#include "host/base/batch_gradient.hpp"
#include "models/error.hpp"

namespace crucible {
namespace {

using models::LayerKind;
using train::TrainOptions;
using train::TrainResult;

/// conv 1-4 and two fully connected layers: enough for the strokes, trained in a second.
std::vector<models::LayerShape> small_shapes() {
  return {{LayerKind::kConv, "conv", 1, 28, 28, 3, 1, 4, true},
          {LayerKind::kFullyConnected, "fc1", 784, 1, 1, 1, 0, 24, false},
          {LayerKind::kFullyConnected, "fc2", 24, 1, 1, 1, 0, 10, false}};
}

TrainOptions options(int epochs, int threads = 2) {
  TrainOptions o;
  o.epochs = epochs;
  o.threads = threads;
  o.batch = 50;
  return o;
}

double accuracy(const models::QuantisedNetwork& network, const data::ImageSet& set) {
  std::vector<int> all(static_cast<size_t>(set.count()));
  std::iota(all.begin(), all.end(), 0);
  BatchGradient batch(network, set.images, set.labels, 2);
  return batch.count_correct(models::FloatTwin(network, models::float_weights(network)), all) /
         static_cast<double>(set.count());
}

void expect_equal(const models::QuantisedNetwork& a, const models::QuantisedNetwork& b) {
  for (size_t l = 0; l < a.layers.size(); ++l) {
    EXPECT_EQ(a.layers[l].weights, b.layers[l].weights) << "layer " << l;
    EXPECT_EQ(a.layers[l].bias, b.layers[l].bias) << "layer " << l;
    EXPECT_EQ(a.layers[l].w_scale, b.layers[l].w_scale) << "layer " << l;
    EXPECT_EQ(a.layers[l].x_scale, b.layers[l].x_scale) << "layer " << l;
  }
}

TEST(Train, LearnsTheStrokesInItsOwnQuantisedForm) {
  const data::Dataset data = data::generate_strokes(5, 3000, 500);
  const TrainResult result = train::train(small_shapes(), data.train, options(6), {});
  result.network.check();
  ASSERT_EQ(result.trace.size(), 6U);
  EXPECT_LT(result.trace.back().loss, result.trace.front().loss);
  EXPECT_GT(accuracy(result.network, data.test), 0.7);  // chance is 0.1
  for (size_t l = 0; l < result.network.layers.size(); ++l)
    EXPECT_EQ(result.network.w_max(l), 15) << "layer " << l;
}

TEST(Train, GivesTheSameWeightsForAnyNumberOfThreads) {
  const data::Dataset data = data::generate_strokes(5, 400, 0);
  expect_equal(train::train(small_shapes(), data.train, options(2, 1), {}).network,
               train::train(small_shapes(), data.train, options(2, 3), {}).network);
}

TEST(Train, GivesOtherWeightsForAnotherSeed) {
  const data::Dataset data = data::generate_strokes(5, 200, 0);
  TrainOptions other = options(1);
  other.seed = 2;
  EXPECT_NE(train::train(small_shapes(), data.train, options(1), {}).network.layers[1].weights,
            train::train(small_shapes(), data.train, other, {}).network.layers[1].weights);
}

TEST(Train, KeepsTheNetworkSoFarWhenInterrupted) {
  const data::Dataset data = data::generate_strokes(5, 200, 0);
  const TrainResult result = train::train(small_shapes(), data.train, options(5),
                                          [](const train::TrainPoint& point, int planned) {
                                            EXPECT_EQ(planned, 5);
                                            return point.epoch < 2;
                                          });
  EXPECT_TRUE(result.interrupted);
  EXPECT_EQ(result.trace.size(), 2U);
  result.network.check();
}

TEST(Train, RefusesOptionsOutOfRangeAndImagesThatDoNotFit) {
  data::Dataset data = data::generate_strokes(5, 100, 0);
  TrainOptions none = options(0);
  EXPECT_THROW((void)train::train(small_shapes(), data.train, none, {}), Error);
  TrainOptions wide = options(1);
  wide.batch = 101;
  EXPECT_THROW((void)train::train(small_shapes(), data.train, wide, {}), Error);
  data.train.images.pop_back();
  EXPECT_THROW((void)train::train(small_shapes(), data.train, options(1), {}), Error);
}

TEST(Train, KnowsTheLiteraturesLeNet) {
  int weights = 0;
  for (const auto& shape : train::lenet_shapes()) weights += shape.weight_count();
  EXPECT_EQ(weights, 105'918);
}

}  // namespace
}  // namespace crucible
