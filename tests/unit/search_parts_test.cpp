// The parts that searches are made of: losses, optimisers, starts, checkpoints.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "host/base/random.hpp"
#include "host/search/checkpoint.hpp"
#include "host/search/loss/loss.hpp"
#include "host/search/optimiser/optimiser.hpp"
#include "host/search/registry.hpp"
#include "host/search/run_search.hpp"
#include "host/search/start.hpp"
#include "models/error.hpp"
#include "tests/unit/registered.hpp"
#include "tests/unit/small_search.hpp"

namespace crucible {
namespace {

namespace fs = std::filesystem;
using search::SearchResult;
using test::dense_shape;
using test::with_effort;
using Small = test::SmallSearch;

Small problem() {
  return {{test::conv_shape(1, 6, 6, 3, 1, 3, true), dense_shape(27, 4)}, 120, 3, -1.0F, 1.0F};
}

/// A checkpoint in a folder of its own, removed at the end.
class CheckpointTest : public ::testing::TestWithParam<std::string> {
 protected:
  CheckpointTest() { fs::create_directories(folder_); }
  ~CheckpointTest() override { fs::remove_all(folder_); }
  [[nodiscard]] search::CheckpointFile file(const search::CheckpointIdentity& identity = {}) const {
    return {folder_ / "search.checkpoint", identity};
  }
  fs::path folder_ =
      fs::path(::testing::TempDir()) / ("crucible-checkpoint-" + std::to_string(::getpid()));
};

TEST_P(CheckpointTest, GivesTheSameResultAsASearchThatWasNeverStopped) {
  const Small small = problem();
  const search::SearchSettings settings = with_effort(0.4);
  const SearchResult whole = search::run_search(small.problem(), GetParam(), settings);
  const int last = static_cast<int>(whole.trace.size());
  for (const int stop : {1, 2, last / 3, last / 2, last - 1}) {
    if (stop < 1 || stop >= last) continue;
    search::CheckpointFile checkpoint = file();
    int done = 0;
    const SearchResult part = search::run_search(
        small.problem(), GetParam(), settings, [&](const auto&, int) { return ++done < stop; },
        &checkpoint);
    EXPECT_EQ(part.stop, search::Stop::kCaller);
    ASSERT_TRUE(fs::exists(checkpoint.path())) << "stopped after " << stop;
    search::CheckpointFile again = file();
    const SearchResult resumed =
        search::run_search(small.problem(), GetParam(), settings, {}, &again);
    EXPECT_EQ(resumed.delta, whole.delta) << "stopped after " << stop;
    EXPECT_EQ(resumed.gradient_evaluations, whole.gradient_evaluations);
    EXPECT_EQ(resumed.count_evaluations, whole.count_evaluations);
    ASSERT_EQ(resumed.trace.size(), whole.trace.size());
    for (size_t i = 0; i < whole.trace.size(); ++i)
      EXPECT_EQ(resumed.trace[i].loss, whole.trace[i].loss) << "iteration " << i;
    EXPECT_FALSE(fs::exists(checkpoint.path()));
  }
}

INSTANTIATE_TEST_SUITE_P(All, CheckpointTest, test::registered(search::methods()),
                         test::parameter_name);

class CheckpointRefusal : public CheckpointTest {
 protected:
  void stop_one() {
    search::CheckpointFile checkpoint = file({{"device", "tiny 1234"}});
    int done = 0;
    static_cast<void>(search::run_search(
        small_.problem(), "auto", {}, [&](const auto&, int) { return ++done < 3; }, &checkpoint));
  }
  void expect_refusal(search::CheckpointFile checkpoint, const search::SearchProblem& other,
                      const search::SearchSettings& settings, const std::string& word) {
    try {
      static_cast<void>(search::run_search(other, "auto", settings, {}, &checkpoint));
      ADD_FAILURE() << "accepted";
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find(word), std::string::npos) << error.what();
    }
    EXPECT_TRUE(fs::exists(checkpoint.path())) << "nothing is lost";
  }
  Small small_ = problem();
};

TEST_F(CheckpointRefusal, NamesWhatIsNotTheSame) {
  stop_one();
  const search::CheckpointIdentity tiny{{"device", "tiny 1234"}};
  search::SearchProblem reseeded = small_.problem();
  reseeded.seed = 6;
  expect_refusal(file(tiny), reseeded, {}, "seed: the checkpoint has '5', this run has '6'");
  expect_refusal(file(tiny), small_.problem(), with_effort(2.0), "effort");
  expect_refusal(file({{"device", "full 9876"}}), small_.problem(), {},
                 "device: the checkpoint has 'tiny 1234', this run has 'full 9876'");
  Small other = problem();
  other.network.layers[0].weights[3] ^= 1;
  expect_refusal(file(tiny), other.problem(), {}, "network");
}

TEST_F(CheckpointRefusal, SaysThatAFileIsDamaged) {
  stop_one();
  const fs::path path = file().path();
  const auto size = fs::file_size(path);
  fs::resize_file(path, size / 2);
  expect_refusal(file(), small_.problem(), {}, "not a whole");
  std::ofstream(path) << "not a checkpoint at all, but long enough to be read as one";
  expect_refusal(file(), small_.problem(), {}, "not a whole");
}

TEST(Losses, HaveTheGradientOfTheirValue) {
  CounterRandom random(11, 0);
  for (const search::LossEntry& entry : search::losses()) {
    const ImageLoss loss = entry.make({.temperature = 2.0F, .target = 2});
    for (int trial = 0; trial < 50; ++trial) {
      std::vector<float> logits(5);
      for (float& z : logits) z = 6 * random.unit() - 3;
      const int label = trial % 5;
      std::vector<float> slope(5), scratch(5);
      const double here = loss(logits, label, slope);
      // The smooth count's slope is scaled so that the steepest is 1.
      const double scale = entry.name == "soft-count" ? 4 * 2.0 : 1.0;
      constexpr float kStep = 1e-3F;
      for (size_t c = 0; c < logits.size(); ++c) {
        std::vector<float> moved = logits;
        moved[c] += kStep;
        const double up = loss(moved, label, scratch);
        moved[c] = logits[c] - kStep;
        const double down = loss(moved, label, scratch);
        // A kink (another logit becomes the largest, a clamp begins) makes the two halves differ.
        if (std::abs((up - here) - (here - down)) > 1e-4) continue;
        // Rounding: values near 4 in float have 5e-7, over 2e-3.
        EXPECT_NEAR(slope[c], scale * (up - down) / (2 * kStep), 5e-3)
            << entry.name << ", class " << c << ", trial " << trial << " of seed 11";
      }
    }
  }
}

TEST(Climbs, EveryLossWithEveryOptimiserHurtsMoreThanTheControl) {
  const Small small({dense_shape(40, 30), dense_shape(30, 5)}, 300, 2, -1.0F, 1.0F);
  const double control = search::run_search(small.problem(), "random-vertex").accuracy;
  for (const search::LossEntry& loss : search::losses()) {
    for (const search::OptimiserEntry& optimiser : search::optimisers()) {
      search::SearchSettings settings;
      settings.loss = loss.name;
      settings.optimiser = optimiser.name;
      const SearchResult result = search::run_search(small.problem(), "climb", settings);
      EXPECT_LT(result.accuracy, control) << loss.name << ", " << optimiser.name;
      EXPECT_TRUE(test::inside(result.delta, small.box)) << loss.name << ", " << optimiser.name;
    }
  }
}

TEST(Climbs, StartWhereTheyAreTold) {
  const Small small = problem();
  for (const search::StartEntry& start : search::starts()) {
    search::SearchSettings settings;
    settings.start = start.name;
    settings.restarts = 2;
    const SearchResult result = search::run_search(small.problem(), "climb", settings);
    const double first = result.trace.front().deviation;
    const double expected = start.name == "vertex" ? 1.0 : start.name == "uniform" ? 0.9 : 0.0;
    EXPECT_GE(first, expected) << start.name;
    if (expected == 0.0) {
      EXPECT_EQ(first, 0.0) << start.name;
    }
  }
  // Continuation keeps to half the bound for the first half of its 40 steps.
  search::SearchSettings coarser;
  coarser.start = "coarser";
  const SearchResult result = search::run_search(small.problem(), "climb", coarser);
  EXPECT_LE(result.trace[20].deviation, 0.5);
  EXPECT_GT(result.trace[21].deviation, 0.5);
}

TEST(Searches, EndOnTheOffsetGrid) {
  Small small = problem();
  small.box.grid.lsb_exp = 8;
  search::SearchSettings settings;
  settings.optimiser = "adam";
  settings.effort = 0.1;
  const SearchResult result = search::run_search(small.problem(), "climb", settings);
  for (const auto& layer : result.delta)
    for (const float d : layer) EXPECT_EQ(d * 256, std::round(d * 256));
}

TEST(Searches, RecordAStopByTheClock) {
  const Small small = problem();
  search::SearchSettings settings = with_effort(100);
  settings.seconds = 1e-6;
  const SearchResult result = search::run_search(small.problem(), "auto", settings);
  EXPECT_EQ(result.stop, search::Stop::kClock);
  EXPECT_EQ(result.trace.size(), 1U);
}

TEST(Searches, EndAtAnAccuracyThatIsLowEnough) {
  const Small small = problem();
  const SearchResult whole = search::run_search(small.problem(), "auto");
  const double halfway = 0.5 * (1.0 + whole.accuracy);
  search::SearchProblem quick = small.problem();
  quick.until = halfway;
  const SearchResult result = search::run_search(quick, "auto");
  EXPECT_EQ(result.stop, search::Stop::kReached);
  EXPECT_FALSE(result.interrupted());
  EXPECT_LE(result.trace.back().best, halfway);
  EXPECT_LT(result.gradient_evaluations, whole.gradient_evaluations / 4);
}

TEST(CwPenalty, MeetsTheBoundWithoutProjection) {
  const Small small({dense_shape(40, 30), dense_shape(30, 5)}, 300, 2, -1.0F, 1.0F);
  const SearchResult result = search::run_search(small.problem(), "cw-penalty");
  double farthest = 0.0;
  for (const auto& point : result.trace) farthest = std::max(farthest, point.deviation);
  EXPECT_GE(farthest, 0.98);  // of the bound: close enough to end the search for c
  EXPECT_LT(result.accuracy, 0.6);
  EXPECT_TRUE(test::inside(result.delta, small.box));
}

}  // namespace
}  // namespace crucible
