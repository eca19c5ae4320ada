#include "host/experiment/network_folder.hpp"

#include <gtest/gtest.h>

#include "host/experiment/npy.hpp"
#include "host/experiment/text_file.hpp"
#include "models/error.hpp"
#include "tests/unit/temporary_folder.hpp"

namespace crucible::experiment {
namespace {

class NetworkFolder : public ::testing::Test {
 protected:
  NetworkFolder() {
    network_.name = "two layers: odd name";
    models::QuantisedLayer conv, fc;
    conv.shape = {.kind = models::LayerKind::kConv,
                  .name = "conv1",
                  .in_channels = 1,
                  .in_height = 4,
                  .in_width = 4,
                  .kernel = 3,
                  .pad = 1,
                  .out_channels = 2,
                  .pool = true};
    conv.weights = {-15, 15, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, -1};
    conv.bias = {0.25F, -1.5F};
    conv.w_scale = 0.1234567890123;
    conv.x_scale = 1.0 / 255;
    fc.shape.name = "fc";
    fc.shape.in_channels = 8;
    fc.shape.out_channels = 3;
    fc.weights.assign(24, 1);
    fc.bias.assign(3, 0.0F);
    network_.layers = {conv, fc};
    save_network(folder(), network_);
  }
  std::filesystem::path folder() const { return folder_.path() / "net"; }
  void change(const std::string& from, const std::string& to) {
    std::string text = read_text(folder() / "network.yaml");
    ASSERT_NE(text.find(from), std::string::npos);
    write_text(folder() / "network.yaml", text.replace(text.find(from), from.size(), to));
  }
  std::string error() {
    try {
      static_cast<void>(load_network(folder()));
    } catch (const Error& e) {
      return e.what();
    }
    return "no error";
  }
  tests::TemporaryFolder folder_;
  models::QuantisedNetwork network_;
};

TEST_F(NetworkFolder, GivesBackWhatWasSaved) {
  const models::QuantisedNetwork loaded = load_network(folder());
  EXPECT_EQ(loaded.name, network_.name);
  ASSERT_EQ(loaded.layers.size(), 2U);
  EXPECT_EQ(loaded.layers[0].weights, network_.layers[0].weights);
  EXPECT_EQ(loaded.layers[0].bias, network_.layers[0].bias);
  EXPECT_EQ(loaded.layers[0].w_scale, network_.layers[0].w_scale);
  EXPECT_EQ(loaded.layers[0].x_scale, network_.layers[0].x_scale);
  EXPECT_EQ(loaded.layers[0].shape.pad, 1);
  EXPECT_TRUE(loaded.layers[0].shape.pool);
}

TEST_F(NetworkFolder, NamesTheWeightThatIsOutOfRange) {
  std::vector<int8_t> weights = network_.layers[0].weights;
  weights[10] = 16;
  save_npy<int8_t>(folder() / "w_conv1.npy", {2, 9}, weights);
  EXPECT_NE(error().find("w_conv1.npy: weight [1, 1] is 16, but a weight is -15 .. 15"),
            std::string::npos)
      << error();
}

TEST_F(NetworkFolder, NamesFileAndShapesThatDoNotFit) {
  save_npy<int8_t>(folder() / "w_fc.npy", {8, 3}, std::vector<int8_t>(24, 1));
  EXPECT_NE(error().find("w_fc.npy: expected shape (3, 8), found (8, 3)"), std::string::npos);
}

TEST_F(NetworkFolder, RefusesKeysOfAnotherKindOfLayer) {
  change("    inputs: 8\n", "    inputs: 8\n    pool: true\n");
  EXPECT_NE(error().find("unknown key 'pool' in layers[1]"), std::string::npos) << error();
}

TEST_F(NetworkFolder, RefusesLayersThatDoNotFollowEachOther) {
  change("    inputs: 8\n", "    inputs: 9\n");
  save_npy<int8_t>(folder() / "w_fc.npy", {3, 9}, std::vector<int8_t>(27, 1));
  EXPECT_NE(error().find("network.yaml: "), std::string::npos) << error();
}

TEST_F(NetworkFolder, RefusesNamesThatAreNoFileNames) {
  change("name: fc", "name: ../fc");
  EXPECT_NE(error().find("a layer's name is letters, digits"), std::string::npos) << error();
}

TEST_F(NetworkFolder, SaysWhenThereIsNone) {
  EXPECT_THROW(static_cast<void>(load_network(folder_.path() / "none")), Error);
}

}  // namespace
}  // namespace crucible::experiment
