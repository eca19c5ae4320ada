// That three simulators in lockstep can disagree: without this, equality would say nothing.
#include <gtest/gtest.h>

#include "models/error.hpp"
#include "tests/differential/lockstep_top.hpp"

namespace crucible::sim {
namespace {

/// Counts cycles; raises `busy` in one of them.
class CountingTop final : public IRtlTop {
 public:
  explicit CountingTop(uint64_t busy_in) : busy_in_(busy_in) {}
  void reset() override { outputs_ = {}; }
  const RtlOutputs& clock(const RtlInputs&) override {
    ++outputs_.cycle;
    outputs_.busy = outputs_.cycle == busy_in_;
    return outputs_;
  }
  const RtlOutputs& outputs() const override { return outputs_; }
  void enable_assertions(bool) override {}
  int assertion_failures() const override { return 0; }
  std::string assertion_report() const override { return {}; }
  void trace(const std::string&, uint64_t, uint64_t) override {}
  const spec::HardwareConfig& config() const override { return spec::kConfigs[0]; }

 private:
  const uint64_t busy_in_;
  RtlOutputs outputs_;
};

TEST(Lockstep, NamesTheFirstCycleAndPinThatDiffer) {
  std::vector<Simulator> simulators;
  simulators.push_back({"one", std::make_unique<CountingTop>(9)});
  simulators.push_back({"other", std::make_unique<CountingTop>(7)});
  LockstepTop top(std::move(simulators));
  for (int i = 0; i < 6; ++i) top.clock({});
  try {
    top.clock({});
    FAIL() << "a difference went unseen";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("cycle 7: busy_o is 0x0 and 0x1 in one and other"),
              std::string::npos)
        << error.what();
  }
}

}  // namespace
}  // namespace crucible::sim
