#include "host/experiment/experiment_config.hpp"

#include <gtest/gtest.h>

#include "host/experiment/text_file.hpp"
#include "models/error.hpp"
#include "tests/unit/temporary_folder.hpp"

namespace crucible::experiment {
namespace {

/// A complete configuration; tests change one place of it.
const std::string kGood =
    "schema: crucible.experiment/1\n"             // 1
    "name: test\n"                                // 2
    "seed: 7\n"                                   // 3
    "threads: 2\n"                                // 4
    "data: {source: strokes}\n"                   // 5
    "network: auto\n"                             // 6
    "device: {address: model, hardware: full}\n"  // 7
    "tile: {base: 0, adc: calibrated, adc_bits: 8, calibration_images: 100, realisation: "
    "pair}\n"                                                  // 8
    "images: {model: 10, hardware: 5, search: 10, uart: 0}\n"  // 9
    "monte_carlo: {bound: 0.03, convention: weight, sigma: 0.5, chips: 4, images: 10, "
    "hardware_chips: 1}\n"                                                      // 10
    "searches:\n"                                                               // 11
    "  - {name: a, method: random-vertex, bound: 0.03, convention: weight}\n";  // 12

class Configuration : public ::testing::Test {
 protected:
  ExperimentConfig load(const std::string& text) {
    write_text(file(), text);
    return load_config(file());
  }
  /// The error after `from` was replaced by `to`, without the file's name.
  std::string error_with(const std::string& from, const std::string& to) {
    std::string text = kGood;
    const size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
    try {
      load(text);
    } catch (const Error& e) {
      EXPECT_EQ(e.kind(), ErrorKind::kUsage);
      const std::string what = e.what();
      EXPECT_EQ(what.rfind(file().string(), 0), 0U) << what;
      return what.substr(file().string().size());
    }
    return "no error";
  }
  void expect_error(const std::string& from, const std::string& to, const std::string& expected) {
    const std::string found = error_with(from, to);
    EXPECT_EQ(found.rfind(expected, 0), 0U) << "expected " << expected << "\nfound    " << found;
  }
  std::filesystem::path file() const { return folder_.path() / "c.yaml"; }
  tests::TemporaryFolder folder_;
};

TEST_F(Configuration, ReadsEveryKey) {
  const ExperimentConfig config = load(kGood);
  EXPECT_EQ(config.seed, 7U);
  EXPECT_EQ(config.data.source, DataSource::kStrokes);
  EXPECT_EQ(config.monte_carlo.chips, 4);
  ASSERT_EQ(config.searches.size(), 1U);
  EXPECT_EQ(config.searches[0].tile.calibration_images, 100) << "a row takes over the tile's keys";
}

TEST_F(Configuration, SurvivesWritingAndReading) {
  for (const std::string& text : {kGood, write_config(default_config())}) {
    const std::string once = write_config(load(text));
    EXPECT_EQ(write_config(load(once)), once);
  }
}

TEST_F(Configuration, NamesAnUnknownKeyItsPlaceAndTheNearestKnownOne) {
  expect_error("seed: 7", "sead: 7", ":3:1: unknown key 'sead' in the file; did you mean 'seed'?");
  expect_error("hardware: full", "hardwear: full",
               ":7:26: unknown key 'hardwear' in device; did you mean 'hardware'?");
  expect_error("convention: weight}\n", "convention: weight, colour: red}\n", ":12:");
}

TEST_F(Configuration, NamesAMissingKey) {
  expect_error("seed: 7\n", "", ":1:1: missing key 'seed' in the file.");
  expect_error(", hardware: full", "", ":7:9: missing key 'hardware' in device.");
}

TEST_F(Configuration, RefusesAKeyThatStandsTwice) {
  expect_error("threads: 2\n", "threads: 2\nseed: 8\n",
               ":5:1: key 'seed' in the file stands twice");
}

TEST_F(Configuration, RefusesWrongTypesAtTheirPlace) {
  expect_error("seed: 7", "seed: seven", ":3:7: 'seed' must be a whole number, found 'seven'");
  expect_error("seed: 7", "seed: 7.5", ":3:7: 'seed' must be a whole number, found '7.5'");
  expect_error("seed: 7", "seed: \"7\"", ":3:7: 'seed' must be a whole number");
  expect_error("seed: 7", "seed: [7]", ":3:7: 'seed' must be a whole number, found a list");
  expect_error("sigma: 0.5", "sigma: half", ":10:55: 'sigma' must be a number, found 'half'");
  expect_error("name: test", "name: 12", ":2:7: 'name' must be text, found the number 12");
  expect_error("device: {address: model, hardware: full}", "device: model",
               ":7:9: 'device' must be a mapping");
  expect_error("data: {source: strokes}", "data: {source: strokse}",
               ":5:16: 'source' must be one of auto, mnist, strokes, found 'strokse'; did you mean "
               "'strokes'?");
}

TEST_F(Configuration, RefusesValuesOutOfRange) {
  expect_error("base: 0", "base: 256", ":8:14: 'base' must be 0 .. 255, found 256");
  expect_error("hardware: 5", "hardware: 0", ":9:31: 'hardware' must be 1 .. 1000000, found 0");
  expect_error("hardware_chips: 1", "hardware_chips: 9",
               ":10:98: 'hardware_chips' must be at most 'chips' (4), found 9");
}

TEST_F(Configuration, ReadsAToleranceForEachSliceAndASearchDeviceByDevice) {
  std::string text = kGood;
  const std::string row = "bound: 0.03, convention: weight}\n";
  const auto with = [&](const std::string& keys) {
    return std::string(text).replace(text.rfind(row), row.size(), keys + "}\n");
  };
  const ExperimentConfig config =
      load(with("slice_bounds: [0.3, 0.02], idle: drifts, space: device"));
  EXPECT_EQ(config.searches[0].bound,
            models::VariationBound::slice_levels({0.3, 0.02}, models::IdleDevice::kDrifts));
  EXPECT_EQ(config.searches[0].space, SearchSpaceKind::kDevice);
  const ExperimentConfig again = load(write_config(config));
  EXPECT_EQ(again.searches[0].bound, config.searches[0].bound);
  EXPECT_EQ(again.searches[0].space, config.searches[0].space);
  expect_error(row, "slice_bounds: [0.3], idle: fixed}\n",
               ":12:52: bound: 1 tolerances for 2 slices");
  expect_error(row, "slice_bounds: [0.3, 0.02], idle: fixed, convention: device}\n", ":12:");
  expect_error(row, "slice_bounds: [0.3, 0.02]}\n", ":12:5: missing key 'idle'");
  expect_error(row, "convention: weight}\n", ":12:5: missing key 'bound'");
}

TEST_F(Configuration, AsksForIdleExactlyWithADeviceBound) {
  expect_error("bound: 0.03, convention: weight}\n", "bound: 0.09, convention: device}\n",
               ":12:5: missing key 'idle'");
  expect_error("convention: weight}\n", "convention: weight, idle: fixed}\n", ":12:");
  EXPECT_NO_THROW(load(std::string(kGood).replace(kGood.rfind("convention: weight"), 18,
                                                  "convention: device, idle: drifts")));
}

TEST_F(Configuration, RefusesRowNamesThatStandTwiceOrAreNoFolderNames) {
  expect_error("name: a,", "name: clean,", ":12:5: row name 'clean'");
  expect_error("name: a,", "name: ../a,", ":12:12: a name is letters, digits");
}

TEST_F(Configuration, WantsTheSchemaFirst) {
  expect_error("schema: crucible.experiment/1\n", "",
               ":1:1: the first key must be 'schema: crucible.experiment/1'");
  expect_error("experiment/1", "experiment/2",
               ":1:9: expected schema crucible.experiment/1, found 'crucible.experiment/2'");
}

TEST_F(Configuration, TellsWhereYamlItselfIsBroken) {
  expect_error("threads: 2", "threads: [2", ":5:");
}

TEST_F(Configuration, DefaultsAreTheMainJob) {
  EXPECT_EQ(write_config(default_config()), write_config(load_config("configs/main.yaml")));
}

}  // namespace
}  // namespace crucible::experiment
