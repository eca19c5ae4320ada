// The searches on networks small enough to know the worst case by enumeration.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "host/search/registry.hpp"
#include "host/search/run_search.hpp"
#include "tests/unit/registered.hpp"
#include "tests/unit/small_search.hpp"

namespace crucible {
namespace {

using search::SearchResult;
using test::dense_shape;
using Small = test::SmallSearch;

long images_right(const SearchResult& result, const Small& small) {
  return std::lround(result.accuracy * static_cast<double>(small.labels.size()));
}

/// Fewest images right over all vertices of a box of 12 weights.
int worst_vertex(const Small& small) {
  int worst = static_cast<int>(small.labels.size());
  for (uint32_t vertex = 0; vertex < 4096; ++vertex) {
    models::WeightDelta delta = small.box.hi;
    for (uint32_t bit = 0; bit < 12; ++bit)
      if ((vertex >> bit & 1U) == 0) delta[bit / 6][bit % 6] = small.box.lo[bit / 6][bit % 6];
    worst = std::min(worst, small.count_correct(delta));
  }
  return worst;
}

/// Fewest images right over all points of the offset grid of a box of four weights.
int worst_grid_point(const Small& small, float lsb) {
  int worst = static_cast<int>(small.labels.size());
  models::WeightDelta delta = small.box.lo;
  const std::vector<float>& lo = small.box.lo[0];
  const std::vector<float>& hi = small.box.hi[0];
  for (;;) {
    worst = std::min(worst, small.count_correct(delta));
    size_t i = 0;
    while (i < 4 && (delta[0][i] += lsb) > hi[i]) delta[0][i] = lo[i], ++i;
    if (i == 4) return worst;
  }
}

class Exhaustive : public ::testing::TestWithParam<std::string> {};

TEST_P(Exhaustive, FindsTheWorstVertexOfTwelveWeights) {
  for (uint64_t seed = 1; seed <= 6; ++seed) {
    const Small small({dense_shape(2, 3), dense_shape(3, 2)}, 80, seed, -1.0F, 1.0F);
    EXPECT_LE(images_right(search::run_search(small.problem(), GetParam()), small),
              worst_vertex(small))
        << "seed " << seed;
  }
}

INSTANTIATE_TEST_SUITE_P(Methods, Exhaustive, ::testing::Values("margin-ascent", "auto"),
                         test::parameter_name);

// 13 values for each of four weights: all 28,561 points can be counted. The worst may be inside.
TEST(Auto, FindsTheWorstPointOfTheWholeGridOfFourWeights) {
  int hurt = 0;
  for (uint64_t seed = 1; seed <= 6; ++seed) {
    Small small({dense_shape(2, 2)}, 60, seed, -6.0F, 6.0F);
    small.box.grid.lsb_exp = 0;
    const int worst = worst_grid_point(small, 1.0F);
    hurt += worst < 60 ? 1 : 0;
    EXPECT_EQ(images_right(search::run_search(small.problem(), "auto"), small), worst)
        << "seed " << seed;
  }
  EXPECT_GE(hurt, 3) << "networks that the box does not hurt show nothing";
}

TEST(Auto, IsNoWorseThanAnyOtherMethodOnAWiderNetwork) {
  const Small small({dense_shape(40, 30), dense_shape(30, 5)}, 300, 2, -0.5F, 0.5F);
  const SearchResult found = search::run_search(small.problem(), "auto");
  for (const search::MethodEntry& method : search::methods()) {
    const SearchResult other = search::run_search(small.problem(), method.name);
    EXPECT_LE(found.accuracy, other.accuracy) << method.name;
  }
}

}  // namespace
}  // namespace crucible
