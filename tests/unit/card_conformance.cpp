#include "tests/unit/card_conformance.hpp"

#include <algorithm>
#include <cstring>

#include "host/base/deadline.hpp"
#include "host/link/frame.hpp"
#include "models/error.hpp"
#include "spec/gen/crucible_card.hpp"

namespace crucible::port {

namespace card = spec::card;

namespace {
constexpr std::chrono::seconds kPatience{20};
}

OpenCard::OpenCard(std::unique_ptr<link::ICard> opened, std::shared_ptr<void> behind)
    : board(std::move(behind)), card(opened.get()) {
  port = std::make_unique<LinkPort>(
      std::make_unique<link::RingTransport>(std::move(opened), deadline_in(kPatience)));
}

std::vector<uint32_t> CardConformance::random_words(size_t count) {
  std::vector<uint32_t> words(count);
  for (uint32_t& word : words) word = random_();
  return words;
}

uint32_t CardConformance::errors() {
  const uint32_t errors = read(card::kRegCardError);
  write(card::kRegCardError, ~0u);
  return errors;
}

TEST_P(CardConformance, Bar0ShowsTheDevicesRegistersAsTheFramesDo) {
  int shown = 0;
  for (uint32_t address = 0; address < 0x200; address += 4) {
    const uint32_t direct = read(address);
    if (errors() != 0) {
      EXPECT_EQ(direct, link::kAllOnes) << std::hex << address;
      EXPECT_THROW(static_cast<void>(open_.port->read_word(address)), Error) << std::hex << address;
      continue;
    }
    ++shown;
    const uint32_t by_frame = open_.port->read_word(address);
    const bool counts = address == spec::kRegCyclesLo;
    EXPECT_TRUE(counts ? by_frame > direct : by_frame == direct) << std::hex << address;
  }
  EXPECT_GT(shown, 20) << "of a device without effects and controller 28";
  write(spec::kRegScratch, 0x12345678);
  EXPECT_EQ(open_.port->read_word(spec::kRegScratch), 0x12345678u);
}

TEST_P(CardConformance, SingleWordsComeBetweenFramesAndNeverIntoThem) {
  const auto words = static_cast<size_t>(config().in_words);
  std::vector<uint32_t> expected(words);
  open_.port->write(spec::kWindowInput, expected);
  for (int round = 0; round < 60; ++round) {
    const uint32_t scratch = random_();
    write(spec::kRegScratch, scratch);
    const size_t first = random_() % words;
    const auto change = random_words(1 + random_() % std::min<size_t>(words - first, 128));
    open_.port->write(spec::kWindowInput + 4 * static_cast<uint32_t>(first), change);
    std::copy(change.begin(), change.end(), expected.begin() + static_cast<std::ptrdiff_t>(first));
    ASSERT_EQ(read(spec::kRegScratch), scratch) << "round " << round;
    ASSERT_EQ(read(spec::kRegMagic), spec::kMagicValue) << "round " << round;
  }
  std::vector<uint32_t> got(words);
  open_.port->read(spec::kWindowInput, got);
  EXPECT_EQ(got, expected) << "seed " << kSeed;
}

TEST_P(CardConformance, AnIllegalWordIsRefusedOnBothWaysWithoutATrace) {
  const uint32_t before = open_.port->read_word(spec::kRegAdc);
  EXPECT_EQ(errors(), 0u);
  write(spec::kRegAdc, 0xFFFF'FFFF);
  EXPECT_EQ(errors(), card::kCardErrorAccessMask);
  write(spec::kRegMagic, 1);
  EXPECT_EQ(errors(), card::kCardErrorAccessMask);
  EXPECT_THROW(open_.port->write_word(spec::kRegAdc, 0xFFFF'FFFF), Error);
  EXPECT_EQ(open_.port->read_word(spec::kRegAdc), before);
}

TEST_P(CardConformance, AJobStartedInBar0IsTheJobThatFramesStart) {
  const auto rows = static_cast<uint32_t>(config().rows);
  const auto columns = static_cast<uint32_t>(config().cols);
  const uint32_t results = columns / 4, level_words = rows * ((columns + 15) / 16);
  open_.port->write(spec::kWindowLevel, random_words(level_words));
  write(spec::kRegAdc, spec::kAdcReset | spec::kAdcTransparentMask);
  open_.port->write(spec::kWindowInput, random_words(static_cast<size_t>(config().in_words)));
  const auto job = [&](uint32_t out) {
    return std::vector<uint32_t>{0, rows, columns, 1, 0, 0, out, 1};
  };
  const auto outputs = [&](uint32_t first) {
    std::vector<uint32_t> words(results);
    open_.port->read(spec::kWindowOutputLo + 4 * first, words);
    return words;
  };
  open_.port->write(spec::kRegJobBank, job(0));
  open_.port->wait_idle(10'000'000);
  const std::vector<uint32_t> words = job(results);
  for (uint32_t i = 0; i < words.size(); ++i) write(spec::kRegJobBank + 4 * i, words[i]);
  const auto deadline = deadline_in(kPatience);
  while ((read(spec::kRegStatus) & spec::kStatusBusyMask) != 0)
    ASSERT_LT(Clock::now(), deadline) << "the job does not end";
  EXPECT_EQ(errors(), 0u);
  EXPECT_EQ(outputs(results), outputs(0));
  EXPECT_NE(outputs(0), std::vector<uint32_t>(results)) << "a job that shows nothing";
}

TEST_P(CardController, Bar2ShowsTheMemoryThatFramesReach) {
  std::vector<uint32_t> got(700);
  for (int round = 0; round < 8; ++round) {
    const auto words = random_words(got.size());
    const uint32_t at = 4 * (random_() % 10'000);
    if (round % 2 == 0) {
      open_.card->write_block(card::kBoardMemory + at, words);
      open_.port->read(spec::kWindowMemory + at, got);
    } else {
      open_.port->write(spec::kWindowMemory + at, words);
      open_.card->read_block(card::kBoardMemory + at, got);
    }
    ASSERT_EQ(got, words) << "round " << round << ", seed " << kSeed;
  }
  EXPECT_EQ(errors(), 0u);
}

TEST_P(CardController, ABurstBeyondTheMemorysEndIsServedUpToThere) {
  const auto bytes =
      std::min(static_cast<uint32_t>(config().memory_bytes), card::kBoardMemoryBytes);
  if (bytes == card::kBoardMemoryBytes) GTEST_SKIP() << "the memory fills its window";
  const uint32_t end = card::kBoardMemory + bytes;
  const auto words = random_words(4);
  open_.card->write_block(end - 8, words);
  EXPECT_EQ(errors(), card::kCardErrorAccessMask);
  std::vector<uint32_t> got(4);
  open_.card->read_block(end - 8, got);
  EXPECT_EQ(errors(), card::kCardErrorAccessMask);
  EXPECT_EQ(got, (std::vector<uint32_t>{words[0], words[1], link::kAllOnes, link::kAllOnes}));
}

/// The device works off frames that each write one number all over a block, while BAR2 reads the
/// block's words: first those that a frame writes last.
TEST_P(CardController, AWordOfBoardMemoryNeverSeesHalfAFrame) {
  constexpr uint16_t kLength = 32, kFrames = 20;  // fit the smallest ring
  const uint32_t last = card::kBoardMemory + 4 * (kLength - 1);
  open_.port->write(spec::kWindowMemory, std::vector<uint32_t>(kLength));
  std::vector<uint8_t> bytes;
  const auto append = [&](link::Op op, uint16_t sequence) {
    link::Frame frame;
    frame.op = static_cast<uint8_t>(op);
    frame.sequence = sequence;
    frame.address = spec::kWindowMemory;
    if (op == link::Op::kWrite) {
      frame.length = kLength;
      frame.payload.assign(kLength, sequence);
    }
    link::encode(frame, bytes);
  };
  append(link::Op::kSync, 0);
  for (uint16_t i = 1; i <= kFrames; ++i) append(link::Op::kWrite, i);
  std::vector<uint32_t> frames(bytes.size() / sizeof(uint32_t));
  std::memcpy(frames.data(), bytes.data(), bytes.size());
  write(card::kRegCardCtrl, card::kCardCtrlResetMask);
  ASSERT_EQ(read(card::kRegRequestTail), 0u);
  ASSERT_LE(frames.size(), 1u << (read(card::kRegRingWords) & card::kRingWordsRequestMask));
  open_.card->write_block(card::kRequestRing, frames);
  write(card::kRegRequestTail, static_cast<uint32_t>(frames.size()));
  const auto word_at = [&](uint32_t offset) {
    uint32_t word = 0;
    open_.card->read_block(offset, {&word, 1});
    return word;
  };
  const auto deadline = deadline_in(kPatience);
  for (uint32_t first = 0; first < kFrames;) {
    ASSERT_LT(Clock::now(), deadline) << "frame " << first << " was the last";
    const uint32_t written_first = word_at(card::kBoardMemory);
    const uint32_t written_last = word_at(last);
    ASSERT_GE(written_last, written_first) << "the word that this frame writes last is not there";
    first = word_at(card::kBoardMemory);
    ASSERT_GE(first, written_last) << "the word that that frame wrote first is not there";
  }
  EXPECT_EQ(errors(), 0u);
}

TEST_P(CardController, TheControllersCallRaisesTheInterrupt) {
  write(card::kRegIrqEnable, card::kIrqEnableAttentionMask);
  EXPECT_EQ(read(card::kRegIrqStatus), 0u);
  open_.card->wait_interrupt(deadline_in(std::chrono::milliseconds(10)));  // of answers so far
  write(spec::kRegNotify, 1);
  EXPECT_EQ(read(card::kRegIrqStatus), card::kIrqStatusAttentionMask);
  const auto deadline = deadline_in(kPatience);
  open_.card->wait_interrupt(deadline);
  EXPECT_LT(Clock::now(), deadline) << "no interrupt";
  const uint32_t attention = read(spec::kRegAttention);
  EXPECT_NE(attention, 0u);
  write(spec::kRegAttention, attention);
  EXPECT_EQ(read(card::kRegIrqStatus), 0u);
}

/// `jal x0, 0` for ever, then a look at what a core does that BAR0 alone has started.
TEST_P(CardController, TheCoreIsStartedAndStoppedInBar0) {
  const uint32_t loop = 0x0000'006F;
  open_.card->write_block(card::kBoardMemory, {&loop, 1});
  write(spec::kRegCoreCtrl, spec::kCoreCtrlRunMask);
  const auto deadline = deadline_in(kPatience);
  while (read(spec::kRegCoreCycles) == 0) ASSERT_LT(Clock::now(), deadline) << "no cycle passes";
  write(spec::kRegCoreCtrl, 0);
  const uint32_t cycles = read(spec::kRegCoreCycles);
  EXPECT_EQ(read(spec::kRegCoreCycles), cycles);
  EXPECT_EQ(errors(), 0u);
}

}  // namespace crucible::port
