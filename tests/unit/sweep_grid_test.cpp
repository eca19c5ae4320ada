#include "host/experiment/sweep_grid.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "models/error.hpp"

namespace crucible::experiment {
namespace {

TEST(LogGrid, HasItsEndsAndEqualRatiosToFourDigits) {
  const std::vector<double> grid = log_grid(1e-4, 1e-1, 7);
  EXPECT_EQ(grid, (std::vector<double>{1e-4, 3.162e-4, 1e-3, 3.162e-3, 1e-2, 3.162e-2, 1e-1}));
  EXPECT_EQ(log_grid(0.0123456, 0.3, 2), (std::vector<double>{0.0123456, 0.3}));
}

TEST(LogGrid, RefusesRangesThatAreNoneAndPointsThatFallTogether) {
  EXPECT_THROW(static_cast<void>(log_grid(0, 1, 3)), Error);
  EXPECT_THROW(static_cast<void>(log_grid(0.1, 0.1, 3)), Error);
  EXPECT_THROW(static_cast<void>(log_grid(0.1, 1, 1)), Error);
  EXPECT_THROW(static_cast<void>(log_grid(0.1, 0.10005, 9)), Error);
  EXPECT_THROW(static_cast<void>(log_grid(0.1, HUGE_VAL, 3)), Error);
}

/// Accuracy falls from 1 to 0 at `edge`; counts what it is asked.
struct Step {
  double edge;
  int probes = 0;
  std::optional<double> operator()(double bound) {
    ++probes;
    return bound < edge ? 1.0 : 0.0;
  }
};

TEST(BisectBound, BracketsTheBoundWhereTheAccuracyFalls) {
  for (const double edge : {1.1e-4, 0.0042, 0.0777, 0.0999}) {
    Step step{edge};
    const Bracket bracket = bisect_bound(1e-4, 1e-1, 0.02, 0.5, std::ref(step));
    ASSERT_TRUE(bracket.above && bracket.below) << edge;
    EXPECT_LT(bracket.above->bound, edge);
    EXPECT_GE(bracket.below->bound, edge);
    EXPECT_LE(bracket.below->bound, bracket.above->bound * 1.02);
    // The ends, then log2(ln(1000) / ln(1.02)) = 8.45 halvings; rounding may cost one more.
    EXPECT_LE(step.probes, 2 + 10) << edge;
  }
}

TEST(BisectBound, CountsAnAccuracyEqualToTheLevelAsAbove) {
  const Bracket bracket =
      bisect_bound(0.1, 1, 0.5, 0.5, [](double bound) { return bound < 0.5 ? 0.5 : 0.4; });
  ASSERT_TRUE(bracket.above && bracket.below);
  EXPECT_EQ(bracket.above->accuracy, 0.5);
  EXPECT_EQ(bracket.below->accuracy, 0.4);
}

TEST(BisectBound, HasOneEndWhereTheLevelLiesOutsideTheRange) {
  Step early{0.01}, late{10};
  const Bracket below = bisect_bound(0.1, 1, 0.1, 0.5, std::ref(early));
  EXPECT_FALSE(below.above);
  EXPECT_EQ(below.below->bound, 0.1);
  EXPECT_EQ(early.probes, 1);
  const Bracket above = bisect_bound(0.1, 1, 0.1, 0.5, std::ref(late));
  EXPECT_FALSE(above.below);
  EXPECT_EQ(above.above->bound, 1);
  EXPECT_EQ(late.probes, 2);
}

TEST(BisectBound, EndsWithTheBracketSoFarWhenAProbeEndsIt) {
  int left = 3;
  const Bracket bracket =
      bisect_bound(0.01, 1, 0.01, 0.5, [&](double bound) -> std::optional<double> {
        if (left-- == 0) return std::nullopt;
        return bound < 0.05 ? 1.0 : 0.0;
      });
  EXPECT_EQ(bracket.above->bound, 0.01);
  EXPECT_EQ(bracket.below->bound, 0.1);
}

TEST(BisectBound, RefusesAResolutionThatFourDigitsDoNotHave) {
  const auto never = [](double) -> std::optional<double> { return 0; };
  EXPECT_THROW(static_cast<void>(bisect_bound(0.1, 1, 0.0001, 0.5, never)), Error);
}

}  // namespace
}  // namespace crucible::experiment
