// The power law of drift as the tile's registers hold it.
#include "models/variation/drift.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "models/error.hpp"

namespace crucible::models {
namespace {

TEST(Drift, IsNothingAtTheAgeOfProgrammingAndWithoutAnExponent) {
  EXPECT_EQ(drift_loss(0.05, 1), 0);
  EXPECT_EQ(drift_loss(0, 1e9), 0);
}

TEST(Drift, FollowsThePowerLaw) {
  EXPECT_EQ(drift_loss(1, 2), 32768);     // half is left
  EXPECT_EQ(drift_loss(0.5, 16), 49152);  // a quarter
  EXPECT_EQ(drift_loss(0.05, 0x1p20), 32768);
  EXPECT_EQ(drift_loss(1, 1e9), 65535);  // the register's end
}

TEST(Drift, OfTwoSpansIsThatOfTheWhole) {
  for (const double nu : {0.005, 0.049, 0.1}) {
    for (const double first : {1.5, 20.0, 3000.0}) {
      for (const double second : {2.0, 100.0, 50000.0}) {
        const double left =
            (1 - drift_loss(nu, first) * 0x1p-16) * (1 - drift_loss(nu, second) * 0x1p-16);
        // Half a unit from each of the three roundings.
        EXPECT_NEAR(left, 1 - drift_loss(nu, first * second) * 0x1p-16, 1.5 * 0x1p-16);
      }
    }
  }
}

TEST(Drift, RefusesWhatIsNoDrift) {
  EXPECT_THROW((void)drift_loss(-0.1, 2), Error);
  EXPECT_THROW((void)drift_loss(1.5, 2), Error);
  EXPECT_THROW((void)drift_loss(std::nan(""), 2), Error);
  EXPECT_THROW((void)drift_loss(0.1, 0.5), Error);
  EXPECT_THROW((void)drift_loss(0.1, std::numeric_limits<double>::infinity()), Error);
  EXPECT_THROW((void)drift_loss(0.1, std::nan("")), Error);
}

}  // namespace
}  // namespace crucible::models
