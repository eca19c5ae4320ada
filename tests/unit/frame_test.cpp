#include "host/link/frame.hpp"

#include <gtest/gtest.h>

#include "host/link/crc32.hpp"
#include "models/error.hpp"

namespace crucible::link {
namespace {

constexpr auto code(Op op) { return static_cast<uint8_t>(op); }

TEST(Crc32, IsThatOfIeee8023) {
  const std::string check = "123456789";  // the catalogue's check value
  EXPECT_EQ(crc32({reinterpret_cast<const uint8_t*>(check.data()), check.size()}), 0xCBF43926u);
}

TEST(Frame, EncodesEveryFieldWhereTheProtocolHasIt) {
  const Frame frame{code(Op::kWrite), 0, 2, 0x1234, 0xABCD, 0x00100004, {0x03020100, 0x07060504}};
  std::vector<uint8_t> bytes;
  encode(frame, bytes);
  const std::vector<uint8_t> head{0x7E, 0x5A, 0xC3, 0xA5, 0x03, 0x00, 0x02, 0x00,
                                  0x34, 0x12, 0xCD, 0xAB, 0x04, 0x00, 0x10, 0x00};
  ASSERT_EQ(bytes.size(), 32u);
  EXPECT_TRUE(std::equal(head.begin(), head.end(), bytes.begin()));
  const auto word = [&](size_t at) {
    return bytes[at] | bytes[at + 1] << 8 | bytes[at + 2] << 16 | uint32_t{bytes[at + 3]} << 24;
  };
  EXPECT_EQ(word(16), crc32(std::span(bytes).subspan(4, 12)));
  for (uint8_t i = 0; i < 8; ++i) EXPECT_EQ(bytes[20u + i], i);
  EXPECT_EQ(word(28), crc32(std::span(bytes).subspan(20, 8)));
}

TEST(Frame, OnlyWritesAndAnswersWithALengthCarryAPayload) {
  EXPECT_TRUE(carries_payload(code(Op::kWrite), 1));
  EXPECT_TRUE(carries_payload(code(Op::kWriteFixed), 1));
  EXPECT_FALSE(carries_payload(code(Op::kRead), 1));
  EXPECT_FALSE(carries_payload(code(Op::kWaitIdle), 1));
  EXPECT_FALSE(carries_payload(code(Op::kWrite), 0));
  EXPECT_TRUE(carries_payload(code(Op::kRead) | kResponseBit, 1));
  EXPECT_FALSE(carries_payload(code(Op::kWrite) | kResponseBit, 0));
  EXPECT_EQ(encoded_size(code(Op::kRead), 100), kHeaderBytes);
  EXPECT_EQ(encoded_size(code(Op::kWrite), 100), kHeaderBytes + 404);
}

TEST(Frame, APayloadThatIsNotAsLongAsItsLengthIsAnInternalError) {
  std::vector<uint8_t> bytes;
  EXPECT_THROW(encode({code(Op::kWrite), 0, 2, 0, 0, 0, {1}}, bytes), Error);
  EXPECT_THROW(encode({code(Op::kRead), 0, 1, 0, 0, 0, {1}}, bytes), Error);
}

TEST(Frame, TheStickyErrorBitIsNoPartOfTheStatus) {
  Frame frame;
  frame.status = kStickyErrorBit | static_cast<uint8_t>(Status::kBusy);
  EXPECT_EQ(frame.code(), Status::kBusy);
}

TEST(Frame, EveryStatusHasAHint) {
  for (int status = 0; status <= 10; ++status) {
    EXPECT_EQ(status_hint(static_cast<Status>(status)).find("does not know"),
              status == 1 ? 11u : std::string_view::npos)
        << status;
  }
  EXPECT_NE(status_hint(static_cast<Status>(99)).find("does not know"), std::string_view::npos);
}

}  // namespace
}  // namespace crucible::link
