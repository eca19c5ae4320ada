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

TEST(RefusedError, NamesFieldValueAndLegalRangeOfARefusedWord) {
  const struct {
    uint32_t address, word;
    const char* says;
  } cases[] = {
      {spec::kRegAdc, 13u << 8 | 31,
       "ADC.shift is 31, legal is 0 .. 27; ADC.bits is 13, legal is 1 .. 12"},
      {spec::kRegEffects, 3u << 2, "EFFECTS.noise is 3, legal is 0 .. 2"},
      {spec::kRegGenShape, 127u << 8, "GEN_SHAPE.limit is 127, legal is 128 .. 4095"},
      {spec::kRegGenStuck, 0x9C40u << 16 | 0x9C40,
       "GEN_STUCK.off + on is 40000 + 40000 = 80000, legal is at most 65535"},
      {spec::kRegVerify, 0x80,
       "bits 0x00000080 of it belong to no field; legal is tolerance 0 .. 127, pulses 0 .. 255"},
      {spec::kRegNoiseCell, 1u << 24,
       "bits 0x01000000 of it belong to no field; legal is variance 0 .. 16777215"},
      {spec::kRegJobStart, 1, "the job that JOB_BANK to JOB_OUT describe does not fit the tile"},
      {spec::kWindowAdcOffset + 8, 0x8000,
       "ADC_OFFSET word 2): the offset is 0x00008000, legal is -32768 .. 32767 sign-extended"},
      {spec::kWindowRowTable + 4, 0x9C40,
       "ROW_TABLE word 1): the attenuation (bits 15:0) is 40000, legal is 0 .. 32767"},
      {spec::kWindowColumnTable, 0xFFFF8000,
       "COLUMN_TABLE word 0): the attenuation (bits 15:0) is 32768, legal is 0 .. 32767"},
      {spec::kWindowStuck + 12, 3u << 10,
       "STUCK word 3): cell 5 of the word is 3, legal is 0 free, 1 off, 2 on"}};
  for (const auto& [address, word, says] : cases) {
    const std::string text = RefusedError("x", {spec::Op::kWrite, address, 1, 0, 1, 0,
                                                spec::Status::kBadValue, address, word})
                                 .what();
    EXPECT_NE(text.find(says), std::string::npos) << text << "\n" << says;
    EXPECT_NE(text.find("see docs/register_map.md"), std::string::npos) << text;
  }
}

TEST(RefusedError, FindsTheRefusedWordInItsFrame) {
  const std::vector<uint32_t> words{7, 8, 9};
  EXPECT_EQ(refused_word(spec::Op::kWrite, 0x40, words, 0x48), 9u);
  EXPECT_EQ(refused_word(spec::Op::kWrite, 0x40, words, 0x4C), std::nullopt);
  EXPECT_EQ(refused_word(spec::Op::kWrite, 0x40, words, 0x3C), std::nullopt);
  EXPECT_EQ(refused_word(spec::Op::kWriteFixed, 0x40, words, 0x40), std::nullopt);
  EXPECT_EQ(refused_word(spec::Op::kWriteFixed, 0x40, std::span(words).first(1), 0x40), 7u);
  EXPECT_EQ(refused_word(spec::Op::kRead, 0x40, {}, 0x40), std::nullopt);
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
