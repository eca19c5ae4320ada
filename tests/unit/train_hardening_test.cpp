// What training does to the weights of a step: noise with the moments that it says, sign steps that
// stay in their box, and networks that are the same for any number of threads.
#include "host/train/hardening.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "host/base/batch_gradient.hpp"
#include "host/train/train.hpp"
#include "models/error.hpp"

namespace crucible {
namespace {

using models::LayerKind;
using models::NetworkGradient;
using models::QuantisedNetwork;
using models::WeightDelta;
using train::Hardening;
using train::HardeningKind;

constexpr double kLsb = 15;  // w_max of a network in training

/// Two layers of weights; what they are plays no part.
QuantisedNetwork shape_of(int first, int second) {
  QuantisedNetwork network;
  for (const int weights : {first, second}) {
    models::QuantisedLayer layer;
    layer.shape = {LayerKind::kFullyConnected, "fc", weights, 1, 1, 1, 0, 1, false};
    layer.weights.resize(static_cast<size_t>(weights));
    layer.bias.resize(1);
    network.layers.push_back(layer);
  }
  return network;
}

Hardening hardening(HardeningKind kind) {
  Hardening h;
  h.kind = kind;
  h.sigma = 0.04;
  h.ramp = 0;
  return h;
}

WeightDelta noise(const Hardening& h, const QuantisedNetwork& network, uint64_t seed, int step,
                  int threads = 2, double strength = 1) {
  return train::make_perturbation(h, network, seed, threads)->perturb(step, strength, {});
}

double normal_cdf(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

// The statistic of Kolmogorov and Smirnov exceeds 2.25 / sqrt(n) with probability 2 exp(-2
// * 2.25^2) = 8e-5, the number of censored values its mean by 4.5 standard deviations with 7e-6;
// seeds are fixed.
TEST(WeightNoise, IsGaussianWithTheStandardDeviationAsked) {
  const QuantisedNetwork network = shape_of(100'001, 31);
  WeightDelta delta = noise(hardening(HardeningKind::kGaussian), network, 3, 5);
  std::vector<float>& values = delta[0];
  std::sort(values.begin(), values.end());
  double apart = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    const double p = normal_cdf(values[i] / (0.04 * kLsb));
    const double n = static_cast<double>(values.size());
    apart = std::max({apart, p - static_cast<double>(i) / n, static_cast<double>(i + 1) / n - p});
  }
  EXPECT_LT(apart, 2.25 / std::sqrt(static_cast<double>(values.size())));
}

TEST(WeightNoise, CensorsWhatLiesAboveThePointAndNothingElse) {
  const QuantisedNetwork network = shape_of(100'000, 31);
  Hardening censored = hardening(HardeningKind::kRightCensored);
  censored.censor = 0.5;
  const std::vector<float> free = noise(hardening(HardeningKind::kGaussian), network, 3, 5)[0];
  const std::vector<float> held = noise(censored, network, 3, 5)[0];
  const float point = 0.5F * static_cast<float>(0.04 * kLsb);
  int at_point = 0;
  for (size_t i = 0; i < free.size(); ++i) {
    EXPECT_EQ(held[i], std::min(free[i], point)) << "weight " << i;
    if (held[i] == point) ++at_point;
  }
  const double p = 1 - normal_cdf(0.5), n = static_cast<double>(free.size());
  EXPECT_NEAR(at_point, n * p, 4.5 * std::sqrt(n * p * (1 - p)));
}

TEST(WeightNoise, DiffersBetweenStepsLayersAndSeedsAndIsTheSameForAnyNumberOfThreads) {
  const QuantisedNetwork network = shape_of(20'000, 20'000);
  const Hardening h = hardening(HardeningKind::kGaussian);
  const WeightDelta delta = noise(h, network, 3, 5, 1);
  EXPECT_EQ(delta, noise(h, network, 3, 5, 3));
  EXPECT_NE(delta[0], delta[1]);
  EXPECT_NE(delta[0], noise(h, network, 3, 6)[0]);
  EXPECT_NE(delta[0], noise(h, network, 4, 5)[0]);
}

TEST(WeightNoise, GrowsWithItsStrength) {
  const QuantisedNetwork network = shape_of(100, 100);
  const Hardening h = hardening(HardeningKind::kGaussian);
  const WeightDelta whole = noise(h, network, 3, 5), half = noise(h, network, 3, 5, 2, 0.5);
  for (size_t i = 0; i < whole[0].size(); ++i)
    EXPECT_FLOAT_EQ(half[0][i], 0.5F * whole[0][i]) << "weight " << i;
  Hardening ramp = h;
  ramp.ramp = 0.5;
  EXPECT_EQ(train::strength_at(ramp, 0, 100), 0.0);
  EXPECT_EQ(train::strength_at(ramp, 25, 100), 0.5);
  EXPECT_EQ(train::strength_at(ramp, 80, 100), 1.0);
}

TEST(WorstWeights, AreTheVertexThatALinearLossNames) {
  const QuantisedNetwork network = shape_of(3, 2);
  for (const int steps : {1, 2, 5}) {
    Hardening h = hardening(HardeningKind::kAdversarial);
    h.bound = 0.02;
    h.steps = steps;
    const auto worst = train::make_perturbation(h, network, 1, 1);
    const WeightDelta delta = worst->perturb(0, 1, [](const WeightDelta&, NetworkGradient& g) {
      g.weights = {{0.1F, -7.0F, 0.0F}, {-0.001F, 3.0F}};
    });
    const auto limit = static_cast<float>(0.02 * kLsb);
    EXPECT_EQ(delta, (WeightDelta{{limit, -limit, 0.0F}, {-limit, limit}})) << steps << " steps";
  }
}

TEST(WorstWeights, TurnBackWhereTheLossFallsAgain) {
  const QuantisedNetwork network = shape_of(1, 1);
  Hardening h = hardening(HardeningKind::kAdversarial);
  h.bound = 0.02;  // 0.3 LSB; three steps of 0.15
  h.steps = 3;
  const auto worst = train::make_perturbation(h, network, 1, 1);
  const WeightDelta delta = worst->perturb(0, 1, [](const WeightDelta& at, NetworkGradient& g) {
    g.weights = {{0.2F - at[0][0]}, {1.0F}};  // largest at 0.2: 0.15, 0.3, 0.15
  });
  EXPECT_FLOAT_EQ(delta[0][0], 0.15F);
  EXPECT_FLOAT_EQ(delta[1][0], 0.3F);
}

TEST(Hardening, RefusesValuesOutOfRange) {
  const QuantisedNetwork network = shape_of(2, 2);
  const auto refuses = [&](Hardening h) {
    EXPECT_THROW((void)train::make_perturbation(h, network, 1, 1), Error);
  };
  Hardening h = hardening(HardeningKind::kGaussian);
  h.sigma = 0;
  refuses(h);
  h = hardening(HardeningKind::kRightCensored);
  h.censor = 6;
  refuses(h);
  h = hardening(HardeningKind::kAdversarial);
  h.bound = -0.1;
  refuses(h);
  h = hardening(HardeningKind::kAdversarial);
  h.steps = 0;
  refuses(h);
}

std::vector<models::LayerShape> small_shapes() {
  return {{LayerKind::kConv, "conv", 1, 28, 28, 3, 1, 2, true},
          {LayerKind::kFullyConnected, "fc1", 392, 1, 1, 1, 0, 16, false},
          {LayerKind::kFullyConnected, "fc2", 16, 1, 1, 1, 0, 10, false}};
}

train::TrainResult train_small(const data::Dataset& data, const Hardening& h, int epochs,
                               int threads) {
  train::TrainOptions options;
  options.epochs = epochs;
  options.threads = threads;
  options.batch = 50;
  options.hardening = h;
  return train::train(small_shapes(), data.train, options, {});
}

TEST(Hardening, GivesTheSameWeightsForAnyNumberOfThreads) {
  const data::Dataset data = data::generate_strokes(5, 300, 0);
  for (const HardeningKind kind :
       {HardeningKind::kGaussian, HardeningKind::kRightCensored, HardeningKind::kAdversarial}) {
    const auto one = train_small(data, hardening(kind), 2, 1).network;
    const auto three = train_small(data, hardening(kind), 2, 3).network;
    const auto plain = train_small(data, hardening(HardeningKind::kNone), 2, 1).network;
    EXPECT_EQ(one.layers[1].weights, three.layers[1].weights);
    EXPECT_EQ(one.layers[1].w_scale, three.layers[1].w_scale);
    EXPECT_NE(one.layers[1].weights, plain.layers[1].weights);
  }
}

/// Images right at the vertex that the loss' gradient over all of them names.
int right_at_vertex(const QuantisedNetwork& network, const data::ImageSet& set, double bound) {
  std::vector<int> all(static_cast<size_t>(set.count()));
  std::iota(all.begin(), all.end(), 0);
  BatchGradient batch(network, set.images, set.labels, 2);
  Hardening h = hardening(HardeningKind::kAdversarial);
  h.bound = bound;
  h.steps = 1;
  const auto worst = train::make_perturbation(h, network, 1, 2);
  const WeightDelta& delta = worst->perturb(0, 1, [&](const WeightDelta& at, NetworkGradient& g) {
    const models::FloatTwin twin(network, models::float_weights(network, at));
    static_cast<void>(batch.gradient(twin, all, cross_entropy, g));
  });
  return batch.count_correct(models::FloatTwin(network, models::float_weights(network, delta)),
                             all);
}

// 1538 and 1393 of 2,000 where it was written; other instruction sets round otherwise.
TEST(Hardening, LeavesMoreImagesRightAtTheVertexThatItTrainedAgainst) {
  const data::Dataset data = data::generate_strokes(5, 2000, 0);
  Hardening h = hardening(HardeningKind::kAdversarial);
  h.bound = 0.01;
  h.steps = 1;
  h.ramp = 0.5;
  const auto plain = train_small(data, hardening(HardeningKind::kNone), 15, 2).network;
  const auto hard = train_small(data, h, 15, 2).network;
  EXPECT_GT(right_at_vertex(hard, data.train, 0.01), right_at_vertex(plain, data.train, 0.01));
}

}  // namespace
}  // namespace crucible
