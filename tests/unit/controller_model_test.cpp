// The controller of the in-process device as time passes.
#include "models/device/controller_model.hpp"

#include <gtest/gtest.h>

namespace crucible::port {
namespace {

class Controller : public testing::Test {
 protected:
  uint32_t read(uint32_t address) {
    uint32_t word = 0;
    EXPECT_EQ(model_.read(address, {&word, 1}).status, spec::Status::kOk);
    return word;
  }
  void write(uint32_t address, uint32_t word) {
    EXPECT_EQ(model_.write(address, {&word, 1}, 4).status, spec::Status::kOk);
  }
  void run(bool on) { write(spec::kRegCoreCtrl, on ? 1 : 0); }

  models::ControllerModel model_{spec::kConfigSmallSoc};
};

TEST_F(Controller, CountsCyclesSinceTheCoreWasStarted) {
  model_.advance(10);
  EXPECT_EQ(read(spec::kRegCoreCycles), 0u);
  run(true);
  EXPECT_EQ(read(spec::kRegCoreStatus), spec::kCoreStatusRunningMask);
  model_.advance(10);
  run(true);
  EXPECT_EQ(read(spec::kRegCoreCycles), 10u);
  run(false);
  model_.advance(10);
  EXPECT_EQ(read(spec::kRegCoreCycles), 10u);
  run(true);
  EXPECT_EQ(read(spec::kRegCoreCycles), 0u);
}

TEST_F(Controller, TheWatchdogWarnsThenHoldsTheCoreUntilItIsStopped) {
  run(true);
  write(spec::kRegWatchdog, 2000);
  model_.advance(975);
  EXPECT_EQ(read(spec::kRegWatchdog), 1025u);
  EXPECT_EQ(read(spec::kRegIrqPending), 0u);
  model_.advance(1);
  EXPECT_EQ(read(spec::kRegIrqPending), spec::kIrqPendingWatchdogMask);
  model_.advance(1023);
  EXPECT_EQ(read(spec::kRegCoreStatus), spec::kCoreStatusRunningMask);
  model_.advance(1);
  EXPECT_EQ(read(spec::kRegCoreStatus), spec::kCoreStatusWatchdogMask);
  EXPECT_EQ(read(spec::kRegAttention), spec::kAttentionWatchdogMask);
  EXPECT_EQ(read(spec::kRegCoreCtrl), 1u);
  run(true);
  EXPECT_EQ(read(spec::kRegCoreStatus), spec::kCoreStatusWatchdogMask);
  run(false);
  EXPECT_EQ(read(spec::kRegCoreStatus), 0u);
  run(true);
  EXPECT_EQ(read(spec::kRegCoreStatus), spec::kCoreStatusRunningMask);
  model_.advance(1'000'000);
  EXPECT_EQ(read(spec::kRegCoreStatus), spec::kCoreStatusRunningMask);
}

TEST_F(Controller, ARewrittenWatchdogDoesNotRunOut) {
  run(true);
  for (int i = 0; i < 100; ++i) {
    write(spec::kRegWatchdog, 2000);
    model_.advance(900);
  }
  EXPECT_EQ(read(spec::kRegCoreStatus), spec::kCoreStatusRunningMask);
  EXPECT_EQ(read(spec::kRegIrqPending), 0u);
}

}  // namespace
}  // namespace crucible::port
