// The search methods on networks small enough to know the answer.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "host/base/batch_gradient.hpp"
#include "host/search/registry.hpp"
#include "host/search/run_search.hpp"
#include "host/search/search_space.hpp"
#include "models/error.hpp"
#include "tests/unit/small_networks.hpp"

namespace crucible {
namespace {

using search::SearchProblem;
using search::SearchResult;
using test::dense_shape;

struct Small {
  models::QuantisedNetwork network;
  std::vector<uint8_t> images, labels;
  models::WeightBox box;

  Small(const std::vector<models::LayerShape>& shapes, int count, uint64_t seed, float lo, float hi)
      : network(test::random_network(shapes, seed)),
        images(test::random_bytes(
            static_cast<size_t>(count) * static_cast<size_t>(shapes.front().in_size()), seed + 1)),
        labels(test::own_labels(network, images)),
        box(test::box_of(network, lo, hi)) {}

  [[nodiscard]] SearchProblem problem(int threads = 1) const {
    return {network, box, images, labels, 5, threads};
  }
  [[nodiscard]] int count_correct(const models::WeightDelta& delta) const {
    std::vector<int> all(labels.size());
    std::iota(all.begin(), all.end(), 0);
    return BatchGradient(network, images, labels, 1)
        .count_correct(models::FloatTwin(network, models::float_weights(network, delta)), all);
  }
};

search::SearchSettings with_effort(double effort) {
  search::SearchSettings settings;
  settings.effort = effort;
  return settings;
}

bool inside(const models::WeightDelta& delta, const models::WeightBox& box) {
  for (size_t l = 0; l < delta.size(); ++l)
    for (size_t i = 0; i < delta[l].size(); ++i)
      if (!(delta[l][i] >= box.lo[l][i] && delta[l][i] <= box.hi[l][i])) return false;
  return true;
}

std::string name_of(const search::MethodEntry& entry) {
  std::string name = entry.name;
  std::erase(name, '-');
  return name;
}

class SearchMethod : public ::testing::TestWithParam<std::string> {};

TEST_P(SearchMethod, StaysInsideAnAsymmetricBoxAndReportsItsOwnCount) {
  Small small({test::conv_shape(1, 6, 6, 3, 1, 3, true), dense_shape(27, 4)}, 100, 3, -1.5F, 2.0F);
  small.box.hi[0][4] = small.box.hi[1][7] = 0.0F;  // rails
  small.box.lo[1][9] = 0.0F;
  const SearchResult result = search::run_search(small.problem(), GetParam(), with_effort(0.5));
  EXPECT_TRUE(inside(result.delta, small.box));
  EXPECT_DOUBLE_EQ(result.accuracy, small.count_correct(result.delta) / 100.0);
  EXPECT_FALSE(result.trace.empty());
  EXPECT_FALSE(result.interrupted());
}

TEST_P(SearchMethod, DoesNotDependOnTheNumberOfThreads) {
  const Small small({test::conv_shape(1, 6, 6, 3, 1, 3, true), dense_shape(27, 4)}, 200, 3, -1.0F,
                    1.0F);
  const SearchResult one = search::run_search(small.problem(1), GetParam(), with_effort(0.3));
  const SearchResult three = search::run_search(small.problem(3), GetParam(), with_effort(0.3));
  EXPECT_EQ(one.delta, three.delta);
  EXPECT_EQ(one.accuracy, three.accuracy);
  ASSERT_EQ(one.trace.size(), three.trace.size());
  for (size_t i = 0; i < one.trace.size(); ++i)
    EXPECT_EQ(one.trace[i].loss, three.trace[i].loss) << "iteration " << i;
}

TEST_P(SearchMethod, ReturnsTheBestSoFarWhenInterrupted) {
  const Small small({dense_shape(6, 8), dense_shape(8, 3)}, 64, 9, -2.0F, 2.0F);
  int calls = 0;
  const SearchResult result = search::run_search(small.problem(), GetParam(), with_effort(3.0),
                                                 [&](const search::TracePoint&, int planned) {
                                                   EXPECT_GE(planned, 3);
                                                   return ++calls < 2;
                                                 });
  EXPECT_EQ(calls, 2);
  EXPECT_TRUE(result.interrupted());
  EXPECT_TRUE(inside(result.delta, small.box));
  EXPECT_DOUBLE_EQ(result.accuracy, small.count_correct(result.delta) / 64.0);
}

INSTANTIATE_TEST_SUITE_P(All, SearchMethod, ::testing::ValuesIn([] {
                           std::vector<std::string> names;
                           for (const auto& entry : search::methods()) names.push_back(entry.name);
                           return names;
                         }()),
                         [](const auto& param) {
                           return name_of({param.param, "", nullptr});
                         });

// 12 weights: all 4,096 vertices can be counted.
TEST(MarginAscent, FindsTheWorstVertexOfATwelveWeightNetwork) {
  for (uint64_t seed = 1; seed <= 6; ++seed) {
    const Small small({dense_shape(2, 3), dense_shape(3, 2)}, 80, seed, -1.0F, 1.0F);
    int worst = 80;
    for (uint32_t vertex = 0; vertex < 4096; ++vertex) {
      models::WeightDelta delta = small.box.hi;
      for (uint32_t bit = 0; bit < 12; ++bit)
        if ((vertex >> bit & 1U) == 0) delta[bit / 6][bit % 6] = -1.0F;
      worst = std::min(worst, small.count_correct(delta));
    }
    const SearchResult result = search::run_search(small.problem(), "margin-ascent");
    EXPECT_LE(std::lround(result.accuracy * 80), worst) << "seed " << seed;
  }
}

TEST(MarginAscent, BeatsTheControlOnAWiderNetwork) {
  const Small small({dense_shape(40, 30), dense_shape(30, 5)}, 300, 2, -1.0F, 1.0F);
  const double control = search::run_search(small.problem(), "random-vertex").accuracy;
  const double found = search::run_search(small.problem(), "margin-ascent").accuracy;
  EXPECT_LT(found, 0.3);
  EXPECT_GT(control, 0.6);
}

TEST(MethodRegistry, NamesTheKnownMethodsWhenAskedForAnother) {
  try {
    (void)search::find_method("gradient-descent");
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
    for (const auto& entry : search::methods())
      EXPECT_NE(std::string(error.what()).find(entry.name), std::string::npos);
  }
}

TEST(SearchSpace, RefusesABoxOfAnotherNetwork) {
  const Small small({dense_shape(4, 3), dense_shape(3, 2)}, 8, 1, -1.0F, 1.0F);
  const auto other = test::random_network({dense_shape(4, 4), dense_shape(4, 2)}, 1);
  EXPECT_THROW(search::SearchSpace(other, small.box), Error);
}

}  // namespace
}  // namespace crucible
