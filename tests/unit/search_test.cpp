// The search methods on networks small enough to know the answer.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "host/search/registry.hpp"
#include "host/search/run_search.hpp"
#include "host/search/search_space.hpp"
#include "models/error.hpp"
#include "tests/unit/registered.hpp"
#include "tests/unit/small_search.hpp"

namespace crucible {
namespace {

using search::SearchResult;
using test::dense_shape;
using test::inside;
using test::with_effort;
using Small = test::SmallSearch;

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

INSTANTIATE_TEST_SUITE_P(All, SearchMethod, test::registered(search::methods()),
                         test::parameter_name);

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
