// The moves of one weight's four cells, against every combination of offsets on small grids.
#include "models/variation/slice_range.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <set>
#include <utility>

namespace crucible::models {
namespace {

using Steps = std::array<int, kSlices>;

/// Every rule on a small grid, against all combinations of cell offsets.
void check_reach(const MoveRules& rules, const Steps& most) {
  const int base = rules.scale.base;  // at lsb_exp 8 the base is counted in steps
  for (int magnitude = 0; magnitude <= 15; ++magnitude) {
    std::set<int> slices[2];
    for (int s = 0; s < 2; ++s) {
      const int steps = most[static_cast<size_t>(s)];
      for (int a = -steps; a <= steps; ++a) {
        for (int i = rules.idle ? -steps : 0; i <= (rules.idle ? steps : 0); ++i) {
          const int level = slice_level(magnitude, s);
          if (256 * level + a < -base || 256 * level + a > 3 * 256 + base || i < -base) continue;
          if (!rules.spill || std::abs(a - i) <= steps) slices[s].insert(a - i);
        }
      }
    }
    std::set<int> reachable;
    for (const int low : slices[0]) {
      for (const int high : slices[1]) reachable.insert(low + 4 * high);
    }
    const Range range = magnitude_range(rules, magnitude);
    ASSERT_EQ(range.lo, *reachable.begin());
    ASSERT_EQ(range.hi, *reachable.rbegin());
    for (int change = range.lo; change <= range.hi; ++change) {
      ASSERT_TRUE(reachable.count(change)) << "the interval has a gap at " << change;
      const CellMoves moves = share_out(rules, magnitude, change);
      int sum = 0;
      for (int s = 0; s < 2; ++s) {
        const int level = slice_level(magnitude, s);
        const int steps = most[static_cast<size_t>(s)];
        ASSERT_LE(std::abs(moves.active[s]), steps);
        ASSERT_LE(std::abs(moves.idle[s]), rules.idle ? steps : 0);
        ASSERT_GE(256 * level + moves.active[s], -base);
        ASSERT_LE(256 * level + moves.active[s], 3 * 256 + base);
        ASSERT_GE(moves.idle[s], -base);
        sum += (moves.active[s] - moves.idle[s]) << (2 * s);
      }
      ASSERT_EQ(sum, change) << "magnitude " << magnitude << ", steps " << most[0] << " and "
                             << most[1] << ", base " << base;
    }
  }
}

void check_all_rules(const Steps& steps) {
  for (int base = 0; base <= 7; ++base) {
    for (const auto& [idle, spill] : {std::pair{false, false}, {true, false}, {true, true}}) {
      check_reach({{8, base}, {steps[0], steps[1]}, idle, spill}, steps);
    }
  }
}

TEST(SliceRange, ReachesExactlyTheIntegersThatTheCellsCanReach) {
  for (int steps = kFewestSteps; steps <= 6; ++steps) check_all_rules({steps, steps});
}

TEST(SliceRange, LeavesNoGapWhereTheSlicesTolerancesDiffer) {
  for (const int few : {3, 4}) {
    for (const int many : {5, 9}) {
      check_all_rules({few, many});
      check_all_rules({many, few});
    }
  }
}

}  // namespace
}  // namespace crucible::models
