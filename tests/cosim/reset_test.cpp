// Reset at any moment, for as little as one clock: the device forgets everything but its memories.
#include <tuple>

#include "models/device/register_rules.hpp"
#include "spec/gen/crucible_map.hpp"
#include "tests/cosim/rtl_link.hpp"

namespace crucible::sim {
namespace {

using spec::Op;

class Reset : public RtlLink {
 protected:
  Reset() { client_.sync(kSession, 100); }

  /// One clock of reset; words on the way are gone.
  void pulse() {
    top_->clock({.reset = true});
    const RtlOutputs& after = top_->clock({.tx_ready = true});
    EXPECT_FALSE(after.tx_valid);
    EXPECT_FALSE(after.busy);
    EXPECT_TRUE(after.link_idle);
    EXPECT_EQ(after.cycle, first_cycle_);
  }
  const uint64_t first_cycle_ = (top_->reset(), top_->clock({}).cycle);
};

TEST_P(Reset, OfOneClockStopsWhateverIsUnderWay) {
  for (int clocks = 0; clocks < 160; ++clocks) {
    {
      StreamPort port(*top_);
      FrameClient client(port);
      client.sync(kSession, 0);
      // A job, reads of registers and of memory, and a frame that the device has to refuse.
      const auto out_words = static_cast<uint32_t>(config_.out_words);
      Request job = client.next(Op::kWrite, spec::kRegJobBank, 8);
      job.payload = {0, 1, 4, out_words, 0, 0, 0, 1};
      client.send(encode(client.next(Op::kRead, spec::kWindowInput, 4)));
      client.send(encode(job));
      client.send(encode(client.next(Op::kRead, spec::kRegMagic, 8)));
      client.send(encode(client.next(Op::kRead, 0xfc, 1)));
      for (int i = 0; i < clocks; ++i) port.clock();
    }
    pulse();
    StreamPort port(*top_);
    FrameClient client(port);
    for (int i = 0; i < 20; ++i) port.clock();
    ASSERT_TRUE(port.received().empty()) << clocks << " clocks";
    EXPECT_EQ(client.sync(kSession, 7).payload.at(0), spec::kMagicValue);
    EXPECT_EQ(client.get_word(spec::kRegError), 0u) << clocks << " clocks";
    EXPECT_EQ(client.get_word(spec::kRegErrorAddr), 0u);
    EXPECT_EQ(client.get(spec::kRegProducts, 3), std::vector<uint32_t>(3)) << clocks << " clocks";
    ASSERT_FALSE(HasFailure()) << clocks << " clocks";
  }
}

TEST_P(Reset, GivesEveryRegisterItsResetValue) {
  for (const uint32_t fill : {0u, ~0u}) {
    for (const spec::RegisterInfo& at : spec::kRegisters) {
      if (at.access != spec::Access::kReadWrite || !models::has(config_, at.needs)) continue;
      uint32_t word = 0;
      for (const spec::FieldInfo& part : at.fields)
        word |= (fill == 0 ? part.minimum : part.maximum) << part.lsb;
      if (models::legal_register_value(at, word)) client_.put_word(at.address, word);
    }
    std::ignore = client_.read(0xfc, 1);
    pulse();
    client_.sync(kSession, 1);
    for (const spec::RegisterInfo& at : spec::kRegisters) {
      if (at.access != spec::Access::kReadWrite || !models::has(config_, at.needs)) continue;
      EXPECT_EQ(client_.get_word(at.address), at.reset) << at.name;
    }
    EXPECT_EQ(client_.get_word(spec::kRegErrorAddr), spec::kErrorAddrReset);
    EXPECT_EQ(client_.get_word(spec::kRegCyclesHi), 0u);  // nothing was latched yet
  }
}

TEST_P(Reset, EndsTheSession) {
  client_.put_word(spec::kRegScratch, 1);
  pulse();
  EXPECT_EQ(client_.read(spec::kRegScratch, 1).status, spec::Status::kBadSession);
  client_.set_sequence(0);
  Request request = client_.next(Op::kRead, spec::kRegScratch, 1);
  request.session = 0;  // what the register holds after reset is no session
  EXPECT_EQ(client_.transact(request).status, spec::Status::kBadSession);
}

INSTANTIATE_TEST_SUITE_P(Configurations, Reset,
                         testing::ValuesIn(tested_configs({"tiny", "small"})), config_case_name);

}  // namespace
}  // namespace crucible::sim
