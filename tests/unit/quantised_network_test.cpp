// What QuantisedNetwork::check() accepts and refuses.
#include <gtest/gtest.h>

#include <functional>
#include <limits>

#include "models/error.hpp"
#include "tests/unit/models_support.hpp"

namespace crucible::models {
namespace {

QuantisedNetwork good_network() {
  testing::Random random(3);
  return testing::random_network(random, testing::small_shapes());
}

void expect_refused(const std::function<void(QuantisedNetwork&)>& spoil, const char* part) {
  QuantisedNetwork network = good_network();
  spoil(network);
  try {
    network.check();
    ADD_FAILURE() << "accepted, expected a message with '" << part << "'";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
    EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
  }
}

TEST(QuantisedNetwork, AcceptsAProperNetwork) { EXPECT_NO_THROW(good_network().check()); }

TEST(QuantisedNetwork, KnowsItsLargestWeight) {
  QuantisedNetwork network = good_network();
  network.layers[1].weights.assign(network.layers[1].weights.size(), 2);
  network.layers[1].weights[5] = -11;
  EXPECT_EQ(network.w_max(1), 11);
  EXPECT_EQ(network.w_max(0), 15);
}

TEST(QuantisedNetwork, RefusesWhatDoesNotFitTogether) {
  expect_refused([](auto& n) { n.layers.clear(); }, "no layers");
  expect_refused([](auto& n) { n.layers[0].weights.pop_back(); },
                 "44 weights; 5 outputs of 9 inputs need 45");
  expect_refused([](auto& n) { n.layers[1].bias.push_back(0); }, "8 biases for 7 outputs");
  expect_refused([](auto& n) { n.layers[2].weights[64] = 16; }, "weight 16 at output 1, input 1");
  expect_refused([](auto& n) { n.layers[2].weights[0] = -16; }, "weight -16");
  expect_refused([](auto& n) { n.layers[1].bias[2] = std::numeric_limits<float>::quiet_NaN(); },
                 "output 2");
  expect_refused([](auto& n) { n.layers[3].w_scale = 0; }, "w_scale 0");
  expect_refused([](auto& n) { n.layers[3].x_scale = -1; }, "x_scale -1");
  expect_refused([](auto& n) { n.layers.erase(n.layers.begin() + 1); },
                 "takes 63 x 1 x 1 inputs, but 'conv1'");
  expect_refused(
      [](auto& n) {
        n.layers.pop_back();
        n.layers.pop_back();
      },
      "the last one");
  expect_refused([](auto& n) { n.layers[0].shape.pad = 3; }, "padding 3");
  expect_refused([](auto& n) { n.layers[2].shape.pool = true; }, "fully connected");
  expect_refused([](auto& n) { n.layers[0].shape.in_channels = 0; }, "0 x 12 x 12");
}

}  // namespace
}  // namespace crucible::models
