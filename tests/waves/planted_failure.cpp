// Fails on purpose, around a device that pops an empty queue at the first word: what a failing RTL
// test leaves behind.
#include <gtest/gtest.h>

#include "tests/rtl/failure_wave.hpp"

namespace crucible::sim {
namespace {

class PlantedFailure : public testing::Test {
 protected:
  static constexpr uint64_t kSeed = 7;

  std::unique_ptr<IRtlTop> top_ = make_rtl_top("tiny", kSeed);
  StreamPort port_{*top_};
  FrameClient client_{port_};
  FailureWave wave_{client_, *top_, kSeed};
};

TEST_F(PlantedFailure, LeavesAWave) {
  for (int cycle = 0; cycle < 5000; ++cycle) port_.clock();  // nothing worth a wave
  client_.send(encode(client_.next(spec::Op::kRead, spec::kRegMagic, 1)));
  for (int cycle = 0; cycle < 100; ++cycle) port_.clock();
  EXPECT_EQ(top_->assertion_failures(), 0) << top_->assertion_report();
}

}  // namespace
}  // namespace crucible::sim
