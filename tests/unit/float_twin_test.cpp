// The float twin against the definition in double, and its gradient against finite differences.
#include "models/float_twin/float_twin.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "host/base/random.hpp"
#include "models/error.hpp"
#include "tests/unit/small_networks.hpp"

namespace crucible {
namespace {

using models::Activations;
using test::conv_shape;
using test::dense_shape;

struct Case {
  const char* name;
  std::vector<models::LayerShape> shapes;
};

class FloatTwin : public ::testing::TestWithParam<Case> {
 protected:
  static constexpr int kImages = 21;  // not a multiple of any vector's lanes
  models::QuantisedNetwork network = test::random_network(GetParam().shapes, 7);
  models::WeightDelta weights = models::float_weights(network);
  size_t size = static_cast<size_t>(network.layers.front().shape.in_size());
  size_t classes = static_cast<size_t>(network.layers.back().shape.out_channels);
  std::vector<uint8_t> images = test::random_bytes(kImages * size, 11);
  std::vector<int> index = std::vector<int>(kImages);
  std::vector<float> logits = std::vector<float>(kImages * classes);
  models::FloatWorkspace workspace;

  void SetUp() override { std::iota(index.rbegin(), index.rend(), 0); }
  std::span<const uint8_t> image(size_t i) const {
    return std::span(images).subspan(static_cast<size_t>(index[i]) * size, size);
  }
};

// A sum of n products in float is off by at most n * eps * sum |product| (Higham 2002,
// section 3.1); deeper layers pass it on. 1e-4 of the logits' scale, which is about 1, is 800 eps:
// more than the longest sum of these networks.
constexpr double kTolerance = 1e-4;

TEST_P(FloatTwin, GivesTheLogitsOfTheDefinition) {
  for (const Activations activations : {Activations::kReal, Activations::kCodes}) {
    const models::FloatTwin twin(network, weights, activations);
    twin.forward(images, index, workspace, logits);
    for (size_t i = 0; i < kImages; ++i) {
      const auto expected = test::plain_logits(network, weights, image(i), activations);
      for (size_t c = 0; c < classes; ++c)
        EXPECT_NEAR(logits[i * classes + c], expected[c], kTolerance)
            << "image " << i << " class " << c;
    }
  }
}

TEST_P(FloatTwin, GivesTheGradientOfTheDefinition) {
  const models::FloatTwin twin(network, weights, Activations::kReal);
  CounterRandom random(13);
  std::vector<float> dlogits(logits.size());
  for (float& d : dlogits) d = 2 * random.unit() - 1;
  const auto loss = [&](const models::QuantisedNetwork& changed, const models::WeightDelta& at) {
    double sum = 0;
    for (size_t i = 0; i < kImages; ++i) {
      const auto exact = test::plain_logits(changed, at, image(i), Activations::kReal);
      for (size_t c = 0; c < classes; ++c)
        sum += exact[c] * static_cast<double>(dlogits[i * classes + c]);
    }
    return sum;
  };
  models::NetworkGradient gradient(network);
  twin.forward(images, index, workspace, logits);
  twin.backward(dlogits, workspace, gradient);
  // In one weight or bias the loss is piecewise linear: both one-sided differences are exact unless
  // a kink lies within the step.
  const double here = loss(network, weights);
  int checked = 0, kinks = 0;
  const auto check = [&](double below, double above, double step, float found,
                         const std::string& what) {
    const double left = (here - below) / step, right = (above - here) / step;
    if (std::abs(left - right) > 1e-6 * (1 + std::abs(left))) {
      ++kinks;
      return;
    }
    ++checked;
    EXPECT_NEAR(found, left, kTolerance * kImages * (1 + std::abs(left))) << what;
  };
  for (size_t l = 0; l < weights.size(); ++l) {
    for (int n = 0; n < 12; ++n) {
      const size_t i = random.below(static_cast<uint32_t>(weights[l].size()));
      constexpr float kStep = 0x1p-7F;
      models::WeightDelta up = weights, down = weights;
      up[l][i] += kStep;
      down[l][i] -= kStep;
      check(loss(network, down), loss(network, up), static_cast<double>(kStep),
            gradient.weights[l][i], "layer " + std::to_string(l) + " weight " + std::to_string(i));
    }
    models::QuantisedNetwork up = network, down = network;
    const size_t o = random.below(static_cast<uint32_t>(network.layers[l].bias.size()));
    up.layers[l].bias[o] += 0x1p-10F;
    down.layers[l].bias[o] -= 0x1p-10F;
    const double step =
        (static_cast<double>(up.layers[l].bias[o]) - static_cast<double>(down.layers[l].bias[o])) /
        2;
    check(loss(down, weights), loss(up, weights), step, gradient.bias[l][o],
          "layer " + std::to_string(l) + " bias " + std::to_string(o));
  }
  EXPECT_GT(checked, kinks);
}

TEST_P(FloatTwin, GivesAnImageTheSameLogitsInEveryBatch) {
  const models::FloatTwin twin(network, weights);
  twin.forward(images, index, workspace, logits);
  std::vector<float> alone(classes);
  twin.forward(images, std::span(index).subspan(17, 1), workspace, alone);
  for (size_t c = 0; c < classes; ++c) EXPECT_NEAR(alone[c], logits[17 * classes + c], kTolerance);
}

INSTANTIATE_TEST_SUITE_P(
    Networks, FloatTwin,
    ::testing::Values(Case{"LikeLeNet",
                           {conv_shape(1, 8, 8, 3, 1, 6, true), conv_shape(6, 4, 4, 3, 1, 5, true),
                            dense_shape(20, 7), dense_shape(7, 10)}},
                      Case{"OddSizesAndNoPooling",
                           {conv_shape(2, 9, 7, 3, 0, 3, true), conv_shape(3, 3, 2, 2, 1, 7, false),
                            dense_shape(84, 4)}},
                      Case{"ConvolutionAsLastLayer",
                           {conv_shape(3, 5, 5, 5, 2, 4, false),
                            conv_shape(4, 5, 5, 5, 0, 3, false)}},
                      Case{"FullyConnectedOnly", {dense_shape(30, 20), dense_shape(20, 2)}}),
    [](const auto& param) { return std::string(param.param.name); });

TEST(FloatTwinShapes, RefusesAConvolutionAfterAFullyConnectedLayer) {
  const auto network = test::random_network(
      {dense_shape(16, 16), conv_shape(1, 4, 4, 3, 1, 2, false), dense_shape(32, 2)}, 1);
  EXPECT_THROW(models::FloatTwin(network, models::float_weights(network)), Error);
}

TEST(FloatTwinClamp, PassesNoGradientThroughASaturatedActivation) {
  auto network = test::random_network({dense_shape(2, 1), dense_shape(1, 2)}, 1);
  network.layers[0].weights = {15, 15};
  network.layers[0].w_scale = 1.0;
  const models::FloatTwin twin(network, models::float_weights(network));
  models::FloatWorkspace workspace;
  models::NetworkGradient gradient(network);
  std::vector<float> logits(2);
  const std::vector<uint8_t> image{255, 255};
  twin.forward(image, std::vector<int>{0}, workspace, logits);
  twin.backward(std::vector<float>{1.0F, 0.5F}, workspace, gradient);
  EXPECT_EQ(gradient.weights[0], (std::vector<float>{0.0F, 0.0F}));
  EXPECT_NE(gradient.weights[1][0], 0.0F);
}

}  // namespace
}  // namespace crucible
