// The second mode of the search, cell by cell, on tiles where slices are not exchangeable and that
// are small enough to try every corner.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>

#include "host/certify/cell_box.hpp"
#include "host/experiment/in_loop_evaluator.hpp"
#include "host/search/cells/run_cell_search.hpp"
#include "models/error.hpp"
#include "models/variation/chip_box.hpp"
#include "tests/unit/small_networks.hpp"
#include "tests/unit/temporary_folder.hpp"
#include "tests/unit/worker_team.hpp"

namespace crucible {
namespace {

using models::IdleDevice;
using models::VariationBound;
using search::CellSearchResult;

constexpr int kImages = 60;

struct Tile {
  models::QuantisedNetwork network;
  std::vector<uint8_t> images, labels;
  models::WeightBox box;
  models::CompiledNetwork compiled;

  Tile(models::QuantisedNetwork own, std::vector<uint8_t> pixels, std::vector<uint8_t> classes,
       const VariationBound& bound, int base, const models::AdcPlan& adc)
      : network(std::move(own)),
        images(std::move(pixels)),
        labels(std::move(classes)),
        box(models::make_box(network, bound, models::Realisation::kPair, base)) {
    models::TileSettings common;
    common.inject = true;
    common.lsb_exp = box.grid.lsb_exp;
    common.base = base;
    compiled = models::compile(network, {.rows = 16, .cols = 64, .banks = 8}, common, adc);
  }
  [[nodiscard]] search::SearchProblem problem(int threads = 1, IWorkers* workers = nullptr) const {
    search::SearchProblem problem{network, box, images, labels, 5, threads};
    problem.workers = workers;
    return problem;
  }
  [[nodiscard]] experiment::ModelInLoop judge(int threads = 1, IWorkers* workers = nullptr) const {
    return {network, compiled, {images, labels}, threads, workers};
  }
  [[nodiscard]] int correct(const models::ChipOffsets& offsets) const {
    return eval::evaluate_model(compiled, offsets, {images, labels}, 1).correct;
  }
};

/// Random weights and images, and labels on which the unchanged network is right.
Tile random_tile(const std::vector<models::LayerShape>& shapes, uint64_t seed,
                 const VariationBound& bound, int base, const models::AdcPlan& adc) {
  models::QuantisedNetwork network = test::random_network(shapes, seed);
  std::vector<uint8_t> images = test::random_bytes(
      static_cast<size_t>(kImages) * static_cast<size_t>(shapes.front().in_size()), seed + 1);
  std::vector<uint8_t> labels = test::own_labels(network, images);
  return {std::move(network), std::move(images), std::move(labels), bound, base, adc};
}

CellSearchResult search_cells(const Tile& tile, const std::string& method = "auto", int threads = 1,
                              const search::Progress& progress = {},
                              search::CheckpointFile* checkpoint = nullptr, double effort = 1.0,
                              IWorkers* workers = nullptr) {
  experiment::ModelInLoop judge = tile.judge(threads, workers);
  const search::Pipeline pipeline{judge, tile.compiled};
  search::SearchProblem problem = tile.problem(threads, workers);
  problem.pipeline = &pipeline;
  search::SearchSettings settings;
  settings.effort = effort;
  return search::run_cell_search(problem, method, settings, progress, checkpoint);
}

/// Two inputs, two outputs: eight cells that move, on an ADC of 3 bits and one level a code that
/// saturates where both inputs have a bit.
Tile small_tile(uint64_t seed, bool equal) {
  return random_tile({test::dense_shape(2, 2)}, seed,
                     equal ? VariationBound::device_levels(0.25, IdleDevice::kFixed)
                           : VariationBound::slice_levels({0.4, 0.1}, IdleDevice::kFixed),
                     32, {.transparent = false, .bits = 3, .step_exp = {0}});
}

/// Fewest images right over every choice of a wall or no change for each cell.
int worst_corner(const Tile& tile) {
  const std::vector<models::BoxCell> cells =
      models::box_cells(tile.network, tile.compiled, tile.box);
  EXPECT_EQ(cells.size(), 8U);
  auto worst = static_cast<int>(tile.labels.size());
  models::ChipOffsets offsets(tile.compiled.geometry.cells(), 0);
  for (int corner = 0; corner < 6561; ++corner) {
    for (int left = corner, c = 0; c < 8; ++c, left /= 3) {
      const models::BoxCell& cell = cells[static_cast<size_t>(c)];
      offsets[cell.index] = left % 3 == 0 ? cell.lo : left % 3 == 1 ? cell.hi : int8_t{0};
    }
    worst = std::min(worst, tile.correct(offsets));
  }
  return worst;
}

// Twelve networks, none left out, with slices that differ in their tolerance and with equal ones.
TEST(CellSearch, FindsTheWorstCornerOfASaturatingTileAndOftenWorseThanTheSearchOverWeights) {
  int beyond = 0;
  for (const bool equal : {true, false}) {
    for (uint64_t seed = 1; seed <= 12; ++seed) {
      SCOPED_TRACE(testing::Message() << (equal ? "equal" : "unequal") << " slices, seed " << seed);
      const Tile tile = small_tile(seed, equal);
      const CellSearchResult found = search_cells(tile);
      EXPECT_EQ(found.correct, worst_corner(tile));
      EXPECT_EQ(found.correct, tile.correct(found.offsets));
      EXPECT_LE(found.correct, found.first_correct);
      beyond += found.correct < found.first_correct ? 1 : 0;
    }
  }
  EXPECT_GE(beyond, 6);
}

/// Image A has both inputs and label 0, image B the first alone and label 1; logit 1 is a constant.
/// One code is two levels, the highest is 3, and base 200 adds 0.78 level for each row with a bit.
/// A's slice 1 is saturated for good, so A falls only where both cells of slice 0 go down; B falls
/// where the first cell of slice 1 goes up. A change of the first weight moves both its slices the
/// same way.
Tile opposed_tile() {
  models::QuantisedNetwork network = test::random_network({test::dense_shape(2, 2)}, 1);
  models::QuantisedLayer& layer = network.layers[0];
  layer.weights = {4 * 2 + 1, 4 * 3 + 1, 0, 0};
  layer.w_scale = layer.x_scale = 0.01;
  layer.bias = {0.0F, 17 * 255 * 1e-4F};
  return {std::move(network),
          {255, 255, 255, 0},
          {0, 1},
          VariationBound::device_levels(127.0 / 256.0, IdleDevice::kFixed),
          200,
          {.transparent = false, .bits = 2, .step_exp = {1}}};
}

TEST(CellSearch, FindsTwoImagesWhereNoChangeOfTheWeightsTakesMoreThanOne) {
  const Tile tile = opposed_tile();
  EXPECT_EQ(tile.correct(models::ChipOffsets(tile.compiled.geometry.cells(), 0)), 2);
  EXPECT_EQ(worst_corner(tile), 0);
  EXPECT_EQ(search_cells(tile).correct, 0);

  // Every fifth change of the two weights that count, from end to end; the others at corners.
  constexpr int kEnd = 5 * 127, kStep = 5;
  int worst = 2;
  for (int first = -kEnd; first <= kEnd; first += kStep)
    for (int second = -kEnd; second <= kEnd; second += kStep) {
      const auto change = [](int lsb) { return static_cast<float>(lsb) / 256.0F; };
      const int corner = (first + second) / kStep & 3;
      const models::WeightDelta delta{{change(first), change(second),
                                       change((corner & 1) != 0 ? kEnd : -kEnd),
                                       change((corner & 2) != 0 ? kEnd : -kEnd)}};
      worst = std::min(worst,
                       tile.correct(models::realise(tile.network, tile.compiled, tile.box, delta)));
    }
  EXPECT_EQ(worst, 1);
}

/// Two layers: 448 cells, far beyond enumeration.
Tile deep_tile(uint64_t seed, const VariationBound& bound, int base) {
  return random_tile({test::dense_shape(10, 8), test::dense_shape(8, 4)}, seed, bound, base,
                     {.transparent = false, .bits = 5, .step_exp = {0, 0}});
}

TEST(CellSearch, StaysInsideTheBoxOfEveryConventionAndReportsThePipelinesCount) {
  for (const auto& bound : {VariationBound::weight_fraction(0.05),
                            VariationBound::device_levels(0.1, IdleDevice::kDrifts),
                            VariationBound::slice_levels({0.2, 0.03}, IdleDevice::kFixed)}) {
    for (const int base : {0, 32}) {
      SCOPED_TRACE(bound.describe() + ", base " + std::to_string(base));
      const Tile tile = deep_tile(3, bound, base);
      const CellSearchResult found = search_cells(tile, "random-vertex", 1, {}, nullptr, 0.1);
      EXPECT_TRUE(certify::contains(tile.network, tile.compiled, tile.box, {}, found.offsets));
      EXPECT_EQ(found.correct, tile.correct(found.offsets));
      EXPECT_DOUBLE_EQ(found.search.accuracy, found.correct / double{kImages});
      EXPECT_EQ(found.search.delta,
                models::weight_change(tile.network, tile.compiled, found.offsets,
                                      tile.box.grid.lsb_exp, tile.box.base));
      EXPECT_LT(found.correct, tile.correct(models::ChipOffsets(found.offsets.size(), 0)));
    }
  }
}

TEST(CellSearch, DoesNotDependOnTheNumberOfThreads) {
  const Tile tile = deep_tile(4, VariationBound::weight_fraction(0.05), 32);
  const CellSearchResult one = search_cells(tile, "weight-pgd", 1, {}, nullptr, 0.1);
  const CellSearchResult three = search_cells(tile, "weight-pgd", 3, {}, nullptr, 0.1);
  EXPECT_EQ(one.offsets, three.offsets);
  EXPECT_EQ(one.search.trace.size(), three.search.trace.size());
}

TEST(CellSearch, DoesNotDependOnTheNumberOfWorkers) {
  const Tile tile = deep_tile(4, VariationBound::weight_fraction(0.05), 32);
  const CellSearchResult alone = search_cells(tile, "weight-pgd", 1, {}, nullptr, 0.1);
  test::WorkerTeam(3).run([&](IWorkers& workers) {
    const CellSearchResult shared = search_cells(tile, "weight-pgd", 1, {}, nullptr, 0.1, &workers);
    EXPECT_EQ(shared.offsets, alone.offsets);
    EXPECT_EQ(shared.correct, alone.correct);
    EXPECT_EQ(shared.measurements, alone.measurements);
  });
}

TEST(CellSearch, GoesOnFromItsCheckpointWithTheSameBytesInBothStages) {
  const Tile tile = small_tile(5, false);
  const tests::TemporaryFolder folder;
  const std::filesystem::path path = folder.path() / "search.checkpoint";
  const CellSearchResult whole = search_cells(tile, "weight-pgd", 1, {}, nullptr, 0.1);
  CellSearchResult resumed;
  for (bool more = true; more;) {
    int left = 13;
    search::CheckpointFile checkpoint(path, {});
    resumed = search_cells(
        tile, "weight-pgd", 1, [&](const auto&, int) { return --left > 0; }, &checkpoint, 0.1);
    more = resumed.search.interrupted();
  }
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_EQ(whole.offsets, resumed.offsets);
  EXPECT_EQ(whole.measurements, resumed.measurements);
  EXPECT_EQ(whole.first_correct, resumed.first_correct);
  EXPECT_EQ(whole.search.trace.size(), resumed.search.trace.size());
}

TEST(CellSearch, RefusesAProblemWithoutAPipeline) {
  const Tile tile = small_tile(5, true);
  try {
    static_cast<void>(search::run_cell_search(tile.problem(), "weight-pgd"));
    ADD_FAILURE() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
    EXPECT_NE(std::string(error.what()).find("pipeline"), std::string::npos) << error.what();
  }
}

TEST(CellSearch, RefusesTheCheckpointOfASearchOverWeights) {
  const Tile tile = small_tile(5, true);
  const tests::TemporaryFolder folder;
  const std::filesystem::path path = folder.path() / "search.checkpoint";
  search::CheckpointFile weights(path, {}), cells(path, {});
  static_cast<void>(search::run_search(
      tile.problem(), "weight-pgd", {}, [](const auto&, int) { return false; }, &weights));
  EXPECT_THROW(static_cast<void>(search_cells(tile, "weight-pgd", 1, {}, &cells)), Error);
  std::filesystem::remove(path);
  static_cast<void>(search_cells(
      tile, "weight-pgd", 1, [](const auto&, int) { return false; }, &cells));
  search::CheckpointFile again(path, {});
  EXPECT_THROW(static_cast<void>(search::run_search(tile.problem(), "weight-pgd", {}, {}, &again)),
               Error);
}

/// auto, in the pipeline or on the float twin alone.
search::SearchResult search_weights(const Tile& tile, bool in_pipeline, int threads = 1,
                                    const search::Progress& progress = {},
                                    search::CheckpointFile* checkpoint = nullptr) {
  experiment::ModelInLoop judge = tile.judge(threads);
  const search::Pipeline pipeline{judge, tile.compiled};
  search::SearchProblem problem = tile.problem(threads);
  if (in_pipeline) problem.pipeline = &pipeline;
  return search::run_search(problem, "auto", {}, progress, checkpoint);
}

// The climb begins where the twin alone ends, so it never ends higher in the pipeline.
TEST(PipelineClimb, EndsLowerInThePipelineThanTheTwinAlone) {
  int lower = 0;
  for (uint64_t seed = 1; seed <= 8; ++seed) {
    const Tile tile = deep_tile(seed, VariationBound::weight_fraction(0.15), 0);
    const auto correct = [&](const search::SearchResult& result) {
      return tile.correct(models::realise(tile.network, tile.compiled, tile.box, result.delta));
    };
    const search::SearchResult climbed = search_weights(tile, true);
    const int with = correct(climbed), without = correct(search_weights(tile, false));
    EXPECT_LE(with, without) << "seed " << seed;
    lower += with < without ? 1 : 0;
  }
  EXPECT_GE(lower, 5);
}

TEST(PipelineClimb, DoesNotDependOnThreadsNorOnBeingStopped) {
  const Tile tile = deep_tile(2, VariationBound::weight_fraction(0.04), 0);
  const search::SearchResult whole = search_weights(tile, true);
  EXPECT_EQ(search_weights(tile, true, 3).delta, whole.delta);
  const tests::TemporaryFolder folder;
  // One stop in the climb itself: its last two iterations are left.
  search::CheckpointFile checkpoint(folder.path() / "search.checkpoint", {});
  int left = static_cast<int>(whole.trace.size()) - 2;
  const search::SearchResult part = search_weights(
      tile, true, 1, [&](const auto&, int) { return --left > 0; }, &checkpoint);
  ASSERT_TRUE(part.interrupted());
  search::CheckpointFile again(folder.path() / "search.checkpoint", {});
  const search::SearchResult resumed = search_weights(tile, true, 1, {}, &again);
  EXPECT_EQ(resumed.delta, whole.delta);
  EXPECT_EQ(resumed.trace.size(), whole.trace.size());
  EXPECT_EQ(resumed.gradient_evaluations, whole.gradient_evaluations);
}

}  // namespace
}  // namespace crucible
