// What the device says of itself is what spec/ says.
#include <gtest/gtest.h>

#include <tuple>

#include "sim/verilated/frame_client.hpp"
#include "tests/rtl/tested_configs.hpp"

namespace crucible::sim {
namespace {

class Identity : public testing::TestWithParam<const char*> {};

TEST_P(Identity, RegistersHoldTheConfigurationsValues) {
  const auto top = make_rtl_top(GetParam(), 1);
  StreamPort port(*top);
  FrameClient client(port);
  client.sync(1, 0);
  const spec::HardwareConfig& c = top->config();
  const auto field = [&](uint32_t address, uint32_t mask, uint32_t lsb) {
    return static_cast<int>((client.get_word(address) & mask) >> lsb);
  };
  EXPECT_EQ(client.get_word(spec::kRegMagic), spec::kMagicValue);
  EXPECT_EQ(client.get_word(spec::kRegMapHash), spec::kMapHash);
  EXPECT_EQ(client.get_word(spec::kRegConfigHash), c.hash);
  EXPECT_EQ(field(spec::kRegVersion, spec::kVersionMapMajorMask, spec::kVersionMapMajorLsb),
            spec::kMapMajor);
  EXPECT_EQ(field(spec::kRegVersion, spec::kVersionMapMinorMask, spec::kVersionMapMinorLsb),
            spec::kMapMinor);
  EXPECT_EQ(field(spec::kRegVersion, spec::kVersionProtocolMask, spec::kVersionProtocolLsb),
            spec::kProtocolVersion);
  EXPECT_EQ(field(spec::kRegGeomArray, spec::kGeomArrayRowsMask, spec::kGeomArrayRowsLsb), c.rows);
  EXPECT_EQ(field(spec::kRegGeomArray, spec::kGeomArrayColsMask, spec::kGeomArrayColsLsb), c.cols);
  EXPECT_EQ(field(spec::kRegGeomBanks, spec::kGeomBanksBanksMask, spec::kGeomBanksBanksLsb),
            c.banks);
  EXPECT_EQ(field(spec::kRegGeomBanks, spec::kGeomBanksInBitsMask, spec::kGeomBanksInBitsLsb),
            c.in_bits);
  EXPECT_EQ(field(spec::kRegGeomBanks, spec::kGeomBanksCellBitsMask, spec::kGeomBanksCellBitsLsb),
            c.cell_bits);
  EXPECT_EQ(field(spec::kRegGeomBanks, spec::kGeomBanksSlicesMask, spec::kGeomBanksSlicesLsb),
            c.slices);
  EXPECT_EQ(
      field(spec::kRegGeomBanks, spec::kGeomBanksOffsetBitsMask, spec::kGeomBanksOffsetBitsLsb),
      c.offset_bits);
  EXPECT_EQ(field(spec::kRegBuffers, spec::kBuffersInWordsMask, spec::kBuffersInWordsLsb),
            c.in_words);
  EXPECT_EQ(field(spec::kRegBuffers, spec::kBuffersOutWordsMask, spec::kBuffersOutWordsLsb),
            c.out_words);
  EXPECT_EQ(field(spec::kRegLinkInfo, spec::kLinkInfoKeptMask, spec::kLinkInfoKeptLsb), c.kept);
  EXPECT_EQ(field(spec::kRegLinkInfo, spec::kLinkInfoMaxPayloadMask, spec::kLinkInfoMaxPayloadLsb),
            c.max_payload);
  EXPECT_EQ(top->assertion_failures(), 0) << top->assertion_report();
}

TEST_P(Identity, RegistersComeOutOfResetAsTheMapSays) {
  const auto top = make_rtl_top(GetParam(), 2);
  StreamPort port(*top);
  FrameClient client(port);
  client.sync(1, 0);
  EXPECT_EQ(client.get_word(spec::kRegInject), spec::kInjectReset);
  EXPECT_EQ(client.get_word(spec::kRegBase), spec::kBaseReset);
  EXPECT_EQ(client.get_word(spec::kRegAdc), spec::kAdcReset);
  EXPECT_EQ(client.get_word(spec::kRegError), spec::kErrorReset);
  EXPECT_EQ(client.get_word(spec::kRegScratch), spec::kScratchReset);
  EXPECT_EQ(client.get_word(spec::kRegJobCount), spec::kJobCountReset);
  EXPECT_EQ(client.get_word(spec::kRegStatus), 0u);
}

TEST_P(Identity, TheCycleCounterIsTheSimulatorsCount) {
  const auto top = make_rtl_top(GetParam(), 3);
  StreamPort port(*top);
  FrameClient client(port);
  client.sync(1, 0);
  uint64_t clock = top->outputs().cycle;
  for (int i = 0; i < 4000; ++i) {
    port.clock();
    ASSERT_EQ(top->outputs().cycle, ++clock);
  }
}

TEST_P(Identity, TheCycleCounterReadsAsOneNumberHoweverLateItsUpperWordIsRead) {
  const auto top = make_rtl_top(GetParam(), 3);
  StreamPort port(*top);
  FrameClient client(port);
  client.sync(1, 0);
  for (int i = 0; i < 40; ++i) {
    const uint64_t before = top->outputs().cycle;
    const uint64_t low = client.get_word(spec::kRegCyclesLo);
    const uint64_t after = top->outputs().cycle;
    for (int pause = i; pause > 0; --pause) port.clock();
    std::ignore = client.get_word(spec::kRegScratch);
    const uint64_t cycles = uint64_t{client.get_word(spec::kRegCyclesHi)} << 32 | low;
    EXPECT_GT(cycles, before);
    EXPECT_LT(cycles, after);
  }
}

INSTANTIATE_TEST_SUITE_P(Configurations, Identity,
                         testing::ValuesIn(tested_configs({"tiny", "small", "full"})),
                         [](const auto& instance) { return std::string(instance.param); });

}  // namespace
}  // namespace crucible::sim
