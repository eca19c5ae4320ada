// The searches with hardware in the loop, on a small tile whose ADC offsets the host is not told.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "host/experiment/in_loop_evaluator.hpp"
#include "host/port/open_port.hpp"
#include "host/search/device/run_device_search.hpp"
#include "models/error.hpp"
#include "tests/unit/registered.hpp"
#include "tests/unit/small_networks.hpp"
#include "tests/unit/temporary_folder.hpp"
#include "tests/unit/worker_team.hpp"

namespace crucible {
namespace {

using search::DeviceSearchResult;

constexpr double kBound = 0.04;
constexpr int kImages = 200;

/// A network, the host's view of it on a tile, and the tile as it is.
struct Tile {
  models::QuantisedNetwork network;
  std::vector<uint8_t> images, labels;
  models::WeightBox box;
  models::CompiledNetwork known, truth;

  /// most: largest ADC offset, levels.
  explicit Tile(uint64_t seed, double most = 3.0,
                models::TileGeometry geometry = {.rows = 64, .cols = 64, .banks = 8})
      : network(test::random_network({test::conv_shape(1, 8, 8, 3, 1, 4, true),
                                      test::dense_shape(64, 24), test::dense_shape(24, 5)},
                                     seed)),
        images(test::random_bytes(size_t{kImages} * 64, seed + 1)),
        labels(test::own_labels(network, images)),
        box(models::make_box(network, models::VariationBound::weight_fraction(kBound),
                             models::Realisation::kPair, 32)) {
    models::TileSettings common;
    common.inject = true;
    common.lsb_exp = box.grid.lsb_exp;
    common.base = box.base;
    const models::AdcPlan plan =
        models::calibrate_adc(network, geometry, box.base, 8, images, kImages);
    known = models::compile(network, geometry, common, plan);
    truth = known;
    truth.common.adc_offset = experiment::random_adc_offsets(geometry, most, seed);
  }
  [[nodiscard]] eval::LabelledImages set() const { return {images, labels}; }
  [[nodiscard]] search::SearchProblem problem(int threads = 1, IWorkers* workers = nullptr) const {
    search::SearchProblem problem{network, box, images, labels, 5, threads};
    problem.workers = workers;
    return problem;
  }
  [[nodiscard]] experiment::ModelInLoop device(int threads = 1, IWorkers* workers = nullptr) const {
    return {network, truth, set(), threads, workers};
  }
  [[nodiscard]] int correct(const models::WeightDelta& delta) const {
    return eval::evaluate_model(truth, models::realise(network, known, box, delta), set(), 1)
        .correct;
  }
};

search::SearchSettings with_effort(double effort) {
  search::SearchSettings settings;
  settings.effort = effort;
  return settings;
}

class DeviceMethod : public ::testing::TestWithParam<std::string> {
 protected:
  static DeviceSearchResult run(const Tile& tile, int threads = 1, double effort = 0.3,
                                const models::WeightDelta& start = {},
                                const search::Progress& progress = {},
                                search::CheckpointFile* checkpoint = nullptr,
                                IWorkers* workers = nullptr) {
    experiment::ModelInLoop device = tile.device(threads, workers);
    const search::SearchProblem problem = tile.problem(threads, workers);
    return search::run_device_search({problem, device, tile.known, start}, GetParam(),
                                     with_effort(effort), progress, checkpoint);
  }
};

TEST_P(DeviceMethod, StaysInsideTheBoxAndReportsTheDevicesCount) {
  const Tile tile(3);
  const DeviceSearchResult result = run(tile);
  for (size_t l = 0; l < tile.box.lo.size(); ++l)
    for (size_t i = 0; i < tile.box.lo[l].size(); ++i) {
      EXPECT_GE(result.search.delta[l][i], tile.box.lo[l][i]);
      EXPECT_LE(result.search.delta[l][i], tile.box.hi[l][i]);
    }
  EXPECT_DOUBLE_EQ(result.search.accuracy, tile.correct(result.search.delta) / double{kImages});
  EXPECT_EQ(result.device.first_correct, tile.correct(test::box_of(tile.network, 0, 0).lo));
  EXPECT_LT(result.search.accuracy * kImages, result.device.first_correct);
}

TEST_P(DeviceMethod, DoesNotDependOnTheNumberOfThreads) {
  const Tile tile(4);
  const DeviceSearchResult one = run(tile, 1), three = run(tile, 3);
  EXPECT_EQ(one.search.delta, three.search.delta);
  EXPECT_EQ(one.device.bytes, three.device.bytes);
}

TEST_P(DeviceMethod, DoesNotDependOnTheNumberOfWorkersWithADeviceEach) {
  const Tile tile(4);
  const DeviceSearchResult alone = run(tile, 1, 0.1);
  test::WorkerTeam(3).run([&](IWorkers& workers) {
    const DeviceSearchResult shared = run(tile, 1, 0.1, {}, {}, nullptr, &workers);
    EXPECT_EQ(shared.search.delta, alone.search.delta);
    EXPECT_EQ(shared.search.accuracy, alone.search.accuracy);
    EXPECT_EQ(shared.device.bytes, alone.device.bytes);
    EXPECT_EQ(shared.device.measurements, alone.device.measurements);
    ASSERT_EQ(shared.search.trace.size(), alone.search.trace.size());
    EXPECT_EQ(shared.search.trace.back().loss, alone.search.trace.back().loss);
  });
}

TEST_P(DeviceMethod, RefusesWorkersWithDifferentDevices) {
  const Tile tile(6);
  Tile other(6);
  other.truth.common.adc_offset.front() ^= 1;
  test::WorkerTeam(2).run([&](IWorkers& workers) {
    try {
      static_cast<void>(run(workers.rank() == 0 ? tile : other, 1, 0.1, {}, {}, nullptr, &workers));
      ADD_FAILURE() << "accepted";
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find("device: rank 0 has 'model 64x64x8"),
                std::string::npos)
          << error.what();
    }
  });
}

TEST_P(DeviceMethod, GoesOnFromItsCheckpointWithTheSameBytes) {
  const Tile tile(5);
  const tests::TemporaryFolder folder;
  const std::filesystem::path path = folder.path() / "search.checkpoint";
  const DeviceSearchResult whole = run(tile, 1, 0.2);
  DeviceSearchResult resumed;
  for (bool more = true; more;) {
    int left = 7;
    search::CheckpointFile checkpoint(path, {});
    resumed = run(
        tile, 1, 0.2, {}, [&](const auto&, int) { return --left > 0; }, &checkpoint);
    more = resumed.search.interrupted();
  }
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_EQ(whole.search.delta, resumed.search.delta);
  EXPECT_EQ(whole.search.trace.size(), resumed.search.trace.size());
  EXPECT_EQ(whole.device.bytes, resumed.device.bytes);
  EXPECT_EQ(whole.device.accepted, resumed.device.accepted);
  EXPECT_EQ(whole.device.measurements, resumed.device.measurements);
}

TEST_P(DeviceMethod, RefusesAnotherDeviceWhenResumed) {
  const Tile tile(6);
  const tests::TemporaryFolder folder;
  const std::filesystem::path path = folder.path() / "search.checkpoint";
  search::CheckpointFile first(path, {}), second(path, {});
  static_cast<void>(run(
      tile, 1, 0.2, {}, [](const auto&, int) { return false; }, &first));
  Tile other(6);
  other.truth.common.adc_offset.front() ^= 1;
  try {
    static_cast<void>(run(other, 1, 0.2, {}, {}, &second));
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("device"), std::string::npos) << error.what();
  }
}

// Every method starts from the twin's solution here: the gradient-free ones do not reach it from no
// change (docs/search.md). The seeds are those of the first two tiles on which the twin's solution
// leaves something right, so that there is something to find.
TEST_P(DeviceMethod, FindsWorseThanTheTwinsSolutionTransferred) {
  for (const uint64_t seed : {11, 12}) {
    const Tile tile(seed);
    const models::WeightDelta twin = search::run_search(tile.problem(), "margin-ascent").delta;
    const int transferred = tile.correct(twin);
    const DeviceSearchResult result = run(tile, 1, 0.7, twin);
    EXPECT_EQ(result.device.first_correct, transferred);
    EXPECT_LT(result.search.accuracy * kImages, transferred) << "seed " << seed;
    EXPECT_GT(result.device.accepted, 0U);
    EXPECT_LE(result.device.accepted_share(), 0.1) << "seed " << seed;
  }
}

INSTANTIATE_TEST_SUITE_P(All, DeviceMethod, test::registered(search::device_methods()),
                         test::parameter_name);

// What the twin cannot see is in the readings: from no change at all, ascent on the device's
// activations passes the twin's whole search.
TEST(StraightThrough, PassesTheTwinsSolutionFromNoChange) {
  for (const uint64_t seed : {11, 12}) {
    const Tile tile(seed);
    const search::SearchProblem problem = tile.problem();
    const int transferred = tile.correct(search::run_search(problem, "margin-ascent").delta);
    experiment::ModelInLoop device = tile.device();
    const DeviceSearchResult result =
        search::run_device_search({problem, device, tile.known, {}}, "straight-through");
    EXPECT_LT(result.search.accuracy * kImages, transferred) << "seed " << seed;
  }
}

double cosine(const search::Point& a, const search::Point& b) {
  double ab = 0, aa = 0, bb = 0;
  search::for_each_coordinate(
      [&](const float& x, const float& y) {
        ab += double{x} * y;
        aa += double{x} * x;
        bb += double{y} * y;
      },
      a, b);
  return ab / std::sqrt(aa * bb);
}

/// The twin's gradient and the one at the readings of a tile without change.
double agreement(Tile& tile) {
  const search::SearchProblem problem = tile.problem();
  search::Objective objective(problem);
  const search::Point z = objective.space().origin();
  const ImageLoss loss = &cross_entropy;
  objective.evaluate(z, objective.all(), loss);
  const search::Point own = objective.gradient();
  experiment::ModelInLoop device = tile.device();
  objective.evaluate_readings(z, loss,
                              device.measure(models::ChipOffsets(tile.known.geometry.cells(), 0),
                                             search::Read::kActivations));
  EXPECT_EQ(objective.evaluations(), 2U * kImages);
  return cosine(own, objective.gradient());
}

// Without ADC the tile's codes are the twin's but for ties of rounding (a code of 255 at a few
// units), so the two gradients point the same way; offsets of up to three levels turn them apart.
TEST(LayerReadings, GiveTheTwinsGradientOnATileWithoutAdcAndAnotherWithOffsets) {
  Tile ideal(7);
  ideal.truth = models::compile(
      ideal.network, ideal.known.geometry,
      {.inject = true, .lsb_exp = 8, .base = 32, .adc = {}, .adc_offset = {}, .effects = {}},
      {.transparent = true, .bits = 8, .step_exp = {}});
  EXPECT_GT(agreement(ideal), 0.999);
  Tile offset(7);
  EXPECT_LT(agreement(offset), 0.99);
}

// The link's framing: what is planned is what goes over the wire.
TEST(InLoopEvaluator, CountsAPokeForEachOfAFewCellsAndABurstForMany) {
  const Tile tile(8);
  const experiment::ModelInLoop device = tile.device();
  const models::ChipOffsets zero(tile.known.geometry.cells(), 0);
  models::ChipOffsets few = zero, many = zero;
  few[5] = few[900] = 3;
  std::fill_n(many.begin(), 400, int8_t{1});
  EXPECT_EQ(device.update_bytes(zero, zero), 0U);
  EXPECT_EQ(device.update_bytes(zero, few), 4 * (2 + 6U));     // two words, header and CRC
  EXPECT_EQ(device.update_bytes(zero, many), 4 * (100 + 6U));  // four cells a word
}

}  // namespace
}  // namespace crucible
