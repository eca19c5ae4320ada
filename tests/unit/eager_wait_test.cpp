// How long a waiter looks before it sleeps.
#include "host/base/eager_wait.hpp"

#include <gtest/gtest.h>

namespace crucible {
namespace {

/// Looks of one wait for what comes at the look number `found_at`; 0: never.
int looks_of(EagerWait& wait, int found_at, Clock::time_point deadline = Clock::time_point::max()) {
  int looks = 0;
  const bool found = wait([&] { return ++looks == found_at; }, deadline);
  EXPECT_EQ(found, looks == found_at);
  return looks;
}

TEST(EagerWait, LooksUntilItFinds) {
  EagerWait wait(true);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(looks_of(wait, 1), 1);
  // A machine that takes the core away for kLongest makes a miss of it.
  int looks = 0;
  for (int tries = 0; tries < 100 && looks != 3; ++tries) {
    EagerWait fresh(true);
    looks = looks_of(fresh, 3);
  }
  EXPECT_EQ(looks, 3);
}

TEST(EagerWait, SleepsAfterItsLongestAndThenForAWhileAtOnce) {
  EagerWait wait(true);
  for (int round = 0; round < 3; ++round) {
    const auto start = Clock::now();
    EXPECT_GE(looks_of(wait, 0), 1);
    EXPECT_GE(Clock::now() - start, EagerWait::kLongest) << "round " << round;
    for (int i = 0; i < EagerWait::kSkipped; ++i) EXPECT_EQ(looks_of(wait, 0), 1) << i;
  }
}

TEST(EagerWait, KeepsToItsDeadline) {
  EagerWait wait(true);
  EXPECT_EQ(looks_of(wait, 0, Clock::now()), 1);
}

TEST(EagerWait, LooksOnceWhereThereIsOneCore) {
  EagerWait wait(false);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(looks_of(wait, 0), 1);
  EXPECT_EQ(looks_of(wait, 1), 1);
}

}  // namespace
}  // namespace crucible
