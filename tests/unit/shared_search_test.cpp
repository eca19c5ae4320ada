// Whole searches shared by workers: the same as of one process.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <mutex>

#include "host/search/registry.hpp"
#include "host/search/run_search.hpp"
#include "models/error.hpp"
#include "tests/unit/registered.hpp"
#include "tests/unit/small_search.hpp"
#include "tests/unit/temporary_folder.hpp"
#include "tests/unit/worker_team.hpp"

namespace crucible {
namespace {

using search::SearchResult;
using test::with_effort;
using test::WorkerTeam;

constexpr double kEffort = 0.2, kControlEffort = 4;  // the control takes one step an effort

void expect_same(const SearchResult& found, const SearchResult& expected) {
  EXPECT_EQ(found.delta, expected.delta);
  EXPECT_EQ(found.accuracy, expected.accuracy);
  EXPECT_EQ(found.gradient_evaluations, expected.gradient_evaluations);
  EXPECT_EQ(found.count_evaluations, expected.count_evaluations);
  ASSERT_EQ(found.trace.size(), expected.trace.size());
  for (size_t i = 0; i < found.trace.size(); ++i)
    EXPECT_EQ(found.trace[i].loss, expected.trace[i].loss) << "iteration " << i;
}

class SharedSearch : public ::testing::TestWithParam<std::string> {
 protected:
  const test::SmallSearch small_{
      {test::conv_shape(1, 6, 6, 3, 1, 3, true), test::dense_shape(27, 4)}, 200, 3, -1.0F, 1.0F};
  const tests::TemporaryFolder folder_;

  SearchResult run(IWorkers* workers, const search::Progress& progress = {},
                   search::CheckpointFile* checkpoint = nullptr) const {
    search::SearchProblem problem = small_.problem(1);
    problem.workers = workers;
    const double effort = GetParam() == "random-vertex" ? kControlEffort : kEffort;
    return search::run_search(problem, GetParam(), with_effort(effort), progress, checkpoint);
  }
  [[nodiscard]] search::CheckpointFile file(IWorkers* workers) const {
    return {folder_.path() / "search.checkpoint", {}, workers};
  }
};

TEST_P(SharedSearch, IsThatOfOneProcessToTheLastBit) {
  const SearchResult alone = run(nullptr);
  for (const int size : {2, 3})
    WorkerTeam(size).run([&](IWorkers& workers) { expect_same(run(&workers), alone); });
}

TEST_P(SharedSearch, GoesOnWithAnotherNumberOfWorkersAfterOneOfThemWasStopped) {
  const SearchResult whole = run(nullptr);
  WorkerTeam(3).run([&](IWorkers& workers) {
    search::CheckpointFile checkpoint = file(&workers);
    int left = 2;
    const auto progress = [&](const auto&, int) { return workers.rank() != 1 || --left > 0; };
    const SearchResult part = run(&workers, progress, &checkpoint);
    EXPECT_EQ(part.stop, search::Stop::kCaller);  // on all of them
    EXPECT_EQ(part.trace.size(), 2U);
  });
  ASSERT_TRUE(std::filesystem::exists(folder_.path() / "search.checkpoint"));
  WorkerTeam(2).run([&](IWorkers& workers) {
    search::CheckpointFile checkpoint = file(&workers);
    expect_same(run(&workers, {}, &checkpoint), whole);
  });
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "search.checkpoint"));
}

INSTANTIATE_TEST_SUITE_P(All, SharedSearch, test::registered(search::methods()),
                         test::parameter_name);

TEST(SharedSearchProblem, IsRefusedWhereAWorkerHasOtherImages) {
  const test::SmallSearch small({test::dense_shape(6, 8), test::dense_shape(8, 3)}, 64, 9, -2, 2);
  std::vector<uint8_t> labels = small.labels;
  labels.front() ^= 1;
  std::vector<std::string> messages;
  std::mutex mutex;
  WorkerTeam(2).run([&](IWorkers& workers) {
    search::SearchProblem problem = small.problem(1);
    problem.workers = &workers;
    if (workers.rank() == 1) problem.labels = labels;
    try {
      static_cast<void>(search::run_search(problem, "margin-ascent", with_effort(0.1)));
    } catch (const Error& error) {
      const std::scoped_lock lock(mutex);
      messages.emplace_back(error.what());
    }
  });
  ASSERT_EQ(messages.size(), 2U);
  for (const std::string& message : messages)
    EXPECT_NE(message.find("images: rank 0 has '64 "), std::string::npos) << message;
}

TEST(SharedCheckpoint, IsRefusedByAllWorkersForTheSameReason) {
  const test::SmallSearch small({test::dense_shape(6, 8), test::dense_shape(8, 3)}, 64, 9, -2, 2);
  const tests::TemporaryFolder folder;
  const std::filesystem::path path = folder.path() / "search.checkpoint";
  search::CheckpointFile first(path, {});
  static_cast<void>(search::run_search(
      small.problem(1), "margin-ascent", with_effort(0.1), [](const auto&, int) { return false; },
      &first));
  WorkerTeam(2).run([&](IWorkers& workers) {
    search::CheckpointFile again(path, {}, &workers);
    search::SearchProblem problem = small.problem(1);
    problem.workers = &workers;
    problem.seed = 6;
    try {
      static_cast<void>(search::run_search(problem, "margin-ascent", with_effort(0.1), {}, &again));
      ADD_FAILURE() << "accepted";
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find("seed: the checkpoint has '5', this run has '6'"),
                std::string::npos)
          << error.what();
    }
  });
}

}  // namespace
}  // namespace crucible
