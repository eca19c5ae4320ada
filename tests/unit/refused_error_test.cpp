#include "host/port/refused_error.hpp"

#include <gtest/gtest.h>

namespace crucible::port {
namespace {

TEST(RefusedError, SaysWhatWhereWhichValueAndWhatToDo) {
  const RefusedError error("tcp:host:1",
                           {spec::Op::kWrite, 0x48, 1, 0, 1, 0, spec::Status::kBadValue, 0x48});
  EXPECT_EQ(error.kind(), ErrorKind::kDevice);
  EXPECT_STREQ(
      error.what(),
      "tcp:host:1: the device refused WRITE of 1 words at 0x00000048 (ADC): BAD_VALUE at "
      "0x00000048 (ADC): the value is "
      "outside its legal range; see docs/register_map.md; nothing of this frame was written");
}

TEST(RefusedError, SaysHowFarABurstGot) {
  const std::string text =
      RefusedError("x", {spec::Op::kWrite, spec::kWindowInput + 128, 32, 32, 100, 2,
                         spec::Status::kBusy, spec::kWindowInput + 128})
          .what();
  EXPECT_NE(text.find("of the burst's 100 words, the first 32 are written"), std::string::npos)
      << text;
  EXPECT_NE(text.find("2 later frames were already under way, carried out by the device"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("INPUT word 32"), std::string::npos) << text;
}

TEST(RefusedError, NamesTheCellOfAPoke) {
  const std::string text = RefusedError("x", {spec::Op::kWriteFixed, spec::kRegCellPoke, 3, 0, 3, 0,
                                              spec::Status::kBadValue, 500u << 8 | 0xFE})
                               .what();
  EXPECT_NE(text.find("cell 500, offset -2"), std::string::npos) << text;
}

TEST(RefusedError, AWaitThatRanOutIsATimeout) {
  const RefusedError error("x", {spec::Op::kWaitIdle, 1000, 0, 0, 0, 0, spec::Status::kTimeout, 0});
  EXPECT_EQ(error.kind(), ErrorKind::kTimeout);
  EXPECT_NE(std::string(error.what()).find("1000 cycles"), std::string::npos);
}

}  // namespace
}  // namespace crucible::port
