#include "host/link/frame_receiver.hpp"

#include <gtest/gtest.h>

#include <random>

namespace crucible::link {
namespace {

Frame random_frame(std::mt19937& random) {
  constexpr uint8_t kOps[] = {1, 2, 3, 4, 5, 0x81, 0x82, 0x83, 0x85};
  Frame frame;
  frame.op = kOps[random() % std::size(kOps)];
  frame.status = frame.is_response() ? static_cast<uint8_t>(random()) : 0;
  frame.length = static_cast<uint16_t>(random() % 40);
  frame.sequence = static_cast<uint16_t>(random());
  frame.session = static_cast<uint16_t>(random());
  frame.address = random();
  if (carries_payload(frame.op, frame.length)) {
    frame.payload.resize(frame.length);
    for (uint32_t& word : frame.payload) word = random() % 8 == 0 ? spec::kPreamble : random();
  }
  return frame;
}

std::vector<uint8_t> bytes_of(const Frame& frame) {
  std::vector<uint8_t> bytes;
  encode(frame, bytes);
  return bytes;
}

/// All frames with a good payload.
std::vector<Frame> receive_all(FrameReceiver& receiver) {
  std::vector<Frame> frames;
  while (const auto received = receiver.next()) {
    if (!received->payload_damaged) frames.push_back(received->frame);
  }
  return frames;
}

TEST(FrameReceiver, GivesBackWhatWasEncodedHoweverItIsCut) {
  for (uint32_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937 random(seed);
    std::vector<Frame> sent, got;
    std::vector<uint8_t> bytes;
    for (int i = 0; i < 50; ++i) {
      sent.push_back(random_frame(random));
      encode(sent.back(), bytes);
    }
    FrameReceiver receiver;
    for (size_t first = 0; first < bytes.size();) {
      const size_t count = std::min<size_t>(bytes.size() - first, 1 + random() % 100);
      receiver.push(std::span(bytes).subspan(first, count));
      for (Frame& frame : receive_all(receiver)) got.push_back(std::move(frame));
      first += count;
    }
    EXPECT_EQ(got, sent);
    EXPECT_EQ(receiver.statistics().skipped_bytes, 0u);
  }
}

TEST(FrameReceiver, FindsEveryFrameBetweenGarbage) {
  for (uint32_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937 random(seed);
    std::vector<Frame> sent;
    std::vector<uint8_t> bytes;
    for (int i = 0; i < 50; ++i) {
      // No whole preamble: the garbage ends in at most three bytes of one.
      for (uint32_t noise = random() % 50; noise > 0; --noise)
        bytes.push_back(static_cast<uint8_t>(random() % 0xA5));
      const std::vector<uint8_t> start{0x7E, 0x5A, 0xC3};
      bytes.insert(bytes.end(), start.begin(),
                   start.begin() + static_cast<std::ptrdiff_t>(random() % 4));
      sent.push_back(random_frame(random));
      encode(sent.back(), bytes);
    }
    FrameReceiver receiver;
    receiver.push(bytes);
    EXPECT_EQ(receive_all(receiver), sent);
    EXPECT_GT(receiver.statistics().skipped_bytes, 0u);
  }
}

TEST(FrameReceiver, AFlippedBitAnywhereIsNeverAGoodFrame) {
  std::mt19937 random(1);
  Frame frame = random_frame(random);
  frame.op = static_cast<uint8_t>(Op::kWrite);
  frame.length = 3;
  frame.payload = {1, spec::kPreamble, 3};
  const std::vector<uint8_t> good = bytes_of(frame);
  for (size_t bit = 0; bit < 8 * good.size(); ++bit) {
    std::vector<uint8_t> bytes = good;
    bytes[bit / 8] ^= static_cast<uint8_t>(1u << (bit % 8));
    FrameReceiver receiver;
    receiver.push(bytes);
    EXPECT_TRUE(receive_all(receiver).empty()) << "bit " << bit;
  }
}

TEST(FrameReceiver, ALostByteCostsAtMostItsFrame) {
  std::mt19937 random(2);
  const Frame first = random_frame(random);
  Frame second = random_frame(random);
  second.op = static_cast<uint8_t>(Op::kWrite);
  second.length = 4;
  second.payload = {1, 2, 3, 4};
  const std::vector<uint8_t> one = bytes_of(second), next = bytes_of(first);
  for (size_t lost = 0; lost < one.size(); ++lost) {
    std::vector<uint8_t> bytes = one;
    bytes.erase(bytes.begin() + static_cast<std::ptrdiff_t>(lost));
    bytes.insert(bytes.end(), next.begin(), next.end());
    FrameReceiver receiver;
    receiver.push(bytes);
    EXPECT_EQ(receive_all(receiver), std::vector<Frame>{first}) << "byte " << lost;
  }
}

TEST(FrameReceiver, TellsADamagedPayloadWithItsHeader) {
  const Frame frame{static_cast<uint8_t>(Op::kWrite), 0, 2, 5, 6, 7, {8, 9}};
  std::vector<uint8_t> bytes = bytes_of(frame);
  bytes[21] ^= 1;
  FrameReceiver receiver;
  receiver.push(bytes);
  const auto received = receiver.next();
  ASSERT_TRUE(received);
  EXPECT_TRUE(received->payload_damaged);
  EXPECT_EQ(received->frame.sequence, 5);
  EXPECT_TRUE(received->frame.payload.empty());
  EXPECT_EQ(receiver.statistics().payload_crc_errors, 1u);
}

TEST(FrameReceiver, WaitsForTheRestOfATruncatedFrame) {
  const Frame frame{static_cast<uint8_t>(Op::kWrite), 0, 2, 5, 6, 7, {8, 9}};
  const std::vector<uint8_t> bytes = bytes_of(frame);
  FrameReceiver receiver;
  for (size_t i = 0; i + 1 < bytes.size(); ++i) {
    receiver.push(std::span(bytes).subspan(i, 1));
    EXPECT_FALSE(receiver.next()) << i;
  }
  receiver.push(std::span(bytes).last(1));
  EXPECT_EQ(receive_all(receiver), std::vector<Frame>{frame});
}

TEST(FrameReceiver, AFrameLongerThanThePayloadIsDamage) {
  const Frame frame{static_cast<uint8_t>(Op::kWrite), 0, 3, 5, 6, 7, {8, 9, 10}};
  FrameReceiver receiver(2);
  receiver.push(bytes_of(frame));
  EXPECT_TRUE(receive_all(receiver).empty());
  EXPECT_EQ(receiver.statistics().header_crc_errors, 1u);
}

}  // namespace
}  // namespace crucible::link
