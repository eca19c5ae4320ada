// The card's logic, access by access.
#include "sim/pcie/card_model.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <numeric>

#include "models/device/board_model.hpp"
#include "tests/unit/card_bus.hpp"

namespace crucible::sim {
namespace {

namespace card = spec::card;

class Card : public testing::Test {
 protected:
  explicit Card(const spec::HardwareConfig& config = spec::kConfigSmall) : card_(config) {}
  void SetUp() override {
    card_.on_interrupt([this](bool level) { levels_.push_back(level); });
  }
  uint32_t read(uint32_t offset, int bar = 0) {
    uint32_t word = 0;
    card_.read(bar, offset, {reinterpret_cast<uint8_t*>(&word), sizeof(word)});
    return word;
  }
  void write(uint32_t offset, uint32_t word, int bar = 0) {
    card_.write(bar, offset, {reinterpret_cast<const uint8_t*>(&word), sizeof(word)});
  }
  void answer(std::span<const uint32_t> words) {
    card_.send({reinterpret_cast<const uint8_t*>(words.data()), words.size_bytes()});
  }
  static std::vector<uint32_t> numbers(uint32_t first, size_t count) {
    std::vector<uint32_t> words(count);
    std::iota(words.begin(), words.end(), first);
    return words;
  }
  void expect_error(uint32_t bits) {
    EXPECT_EQ(read(card::kRegCardError), bits);
    write(card::kRegCardError, bits);
    EXPECT_EQ(read(card::kRegCardError), 0u);
  }

  static constexpr uint32_t kWords = 1u << CardModel::kRingLog2;
  std::vector<bool> levels_;
  CardModel card_;
};

/// In front of a board's bus.
class CardOnABus : public Card {
 protected:
  static constexpr uint32_t kMemoryEnd =
      card::kBoardMemory + static_cast<uint32_t>(spec::kConfigSmallSoc.memory_bytes);
  CardOnABus() : Card(spec::kConfigSmallSoc) { card_.set_bus(&bus_); }
  CardBus bus_{spec::kConfigSmallSoc};
};

TEST_F(Card, ShowsTheSameIdentityAsTheDevice) {
  for (const spec::HardwareConfig& config : spec::kConfigs) {
    CardModel card(config);
    models::BoardModel device(config);
    for (const uint32_t address : {spec::kRegMagic, spec::kRegVersion, spec::kRegMapHash,
                                   spec::kRegConfigHash, spec::kRegGeomArray, spec::kRegGeomBanks,
                                   spec::kRegBuffers, spec::kRegLinkInfo, spec::kRegFeatures}) {
      uint32_t shown = 0, word = 0;
      card.read(0, address, {reinterpret_cast<uint8_t*>(&shown), sizeof(shown)});
      ASSERT_EQ(device.read(address, {&word, 1}).status, spec::Status::kOk);
      EXPECT_EQ(shown, word) << config.name << " 0x" << std::hex << address;
    }
  }
}

TEST_F(Card, CarriesWordsBothWaysInOrderAcrossTheEndOfTheRings) {
  uint32_t next = 0;
  for (uint32_t round = 0; round < 5; ++round) {
    const std::vector<uint32_t> words = numbers(next, 3 * kWords / 4);
    for (const uint32_t word : words) write(card::kRequestRing + 4 * (word % kWords), word, 2);
    next += static_cast<uint32_t>(words.size());
    EXPECT_FALSE(card_.has_input()) << "before the doorbell";
    write(card::kRegRequestTail, next);
    const std::vector<uint8_t> taken = card_.take(SIZE_MAX);
    ASSERT_EQ(taken.size(), 4 * words.size());
    EXPECT_EQ(std::memcmp(taken.data(), words.data(), taken.size()), 0) << "round " << round;
    EXPECT_EQ(read(card::kRegRequestHead), next);
    answer(words);
    EXPECT_EQ(read(card::kRegResponseTail), next);
    for (const uint32_t word : words)
      ASSERT_EQ(read(card::kResponseRing + 4 * (word % kWords), 2), word);
    write(card::kRegResponseHead, next);
  }
  expect_error(0);
}

TEST_F(Card, RefusesACounterOutOfRangeAndKeepsItsValue) {
  write(card::kRegRequestTail, kWords + 1);
  EXPECT_EQ(read(card::kRegRequestTail), 0u);
  expect_error(card::kCardErrorCounterMask);
  write(card::kRegRequestTail, kWords);
  EXPECT_EQ(read(card::kRegRequestTail), kWords);
  for (const uint32_t value : {0u, kWords - 1, kWords + 1, ~0u}) {
    write(card::kRegRequestTail, value);
    EXPECT_EQ(read(card::kRegRequestTail), kWords) << value;
    expect_error(card::kCardErrorCounterMask);
  }
  answer(numbers(0, 10));
  write(card::kRegResponseHead, 4);
  for (const uint32_t value : {3u, 11u, ~0u}) {
    write(card::kRegResponseHead, value);
    EXPECT_EQ(read(card::kRegResponseHead), 4u) << value;
    expect_error(card::kCardErrorCounterMask);
  }
}

TEST_F(Card, AnswersOnlyAlignedWordsThatLeadSomewhere) {
  write(card::kRegToken, 0x01020304);
  const struct {
    int bar;
    uint64_t offset;
    size_t size;
  } bad[] = {{0, card::kRegToken + 1, 4},
             {0, card::kRegToken, 2},
             {0, card::kRegToken, 1},
             {0, card::kRegToken, 6},
             {0, card::kRegCardError + 4, 4},
             {0, spec::kRegScratch, 4},
             {1, 0, 4},
             {2, card::kBoardMemory, 4},
             {2, card::kResponseRing + 2, 4},
             {2, uint64_t{1} << 40, 4},
             {0, ~uint64_t{3}, 4}};
  for (const auto& [bar, offset, size] : bad) {
    SCOPED_TRACE(testing::Message() << "BAR" << bar << " + " << offset << ", " << size << " bytes");
    std::vector<uint8_t> bytes(size, 0x55);
    card_.write(bar, offset, bytes);
    expect_error(card::kCardErrorAccessMask);
    card_.read(bar, offset, bytes);
    EXPECT_EQ(bytes, std::vector<uint8_t>(size, 0xFF));
    expect_error(card::kCardErrorAccessMask);
    EXPECT_EQ(read(card::kRegToken), 0x01020304u);
  }
  write(card::kRegRequestHead, 1);  // read-only
  expect_error(card::kCardErrorAccessMask);
  std::array<uint8_t, 8> two{};
  card_.read(0, card::kRegCardId, two);  // two aligned words
  expect_error(0);
}

TEST_F(Card, RaisesItsInterruptWhileAResponseWaitsAndItIsEnabled) {
  answer(numbers(0, 2));
  EXPECT_EQ(read(card::kRegIrqStatus), card::kIrqStatusResponseMask);
  EXPECT_FALSE(card_.interrupt());
  write(card::kRegIrqEnable, card::kIrqEnableResponseMask);
  EXPECT_TRUE(card_.interrupt());
  write(card::kRegResponseHead, 1);
  EXPECT_TRUE(card_.interrupt());
  write(card::kRegResponseHead, 2);
  EXPECT_FALSE(card_.interrupt());
  answer(numbers(2, 1));
  write(card::kRegIrqEnable, 0);
  EXPECT_FALSE(card_.interrupt());
  EXPECT_EQ(levels_, (std::vector<bool>{true, false, true, false}));
}

TEST_F(Card, LosesNothingWhenTheHostDoesNotReadAndServesNobodyMeanwhile) {
  answer(numbers(0, kWords));
  answer(numbers(kWords, 100));
  write(card::kRegRequestTail, 1);
  EXPECT_FALSE(card_.has_input());
  EXPECT_EQ(read(card::kRegResponseTail), kWords);
  EXPECT_EQ(read(card::kResponseRing, 2), 0u);
  write(card::kRegResponseHead, 60);
  EXPECT_FALSE(card_.has_input());
  EXPECT_EQ(read(card::kRegResponseTail), kWords + 60);
  EXPECT_EQ(read(card::kResponseRing, 2), kWords);
  write(card::kRegResponseHead, 100);
  EXPECT_EQ(read(card::kRegResponseTail), kWords + 100);
  EXPECT_EQ(read(card::kResponseRing + 4 * 99, 2), kWords + 99);
  EXPECT_TRUE(card_.has_input());
}

TEST_F(Card, ForgetsEverythingUnderWayWhenItIsReset) {
  for (const bool function_reset : {false, true}) {
    SCOPED_TRACE(function_reset);
    write(card::kRegToken, 7);
    write(card::kRegIrqEnable, card::kIrqEnableResponseMask);
    write(card::kRegRequestTail, 20);
    EXPECT_EQ(card_.take(40).size(), 40u);
    answer(numbers(0, kWords + 5));
    EXPECT_TRUE(card_.interrupt());
    const uint64_t generation = card_.generation();
    if (function_reset)
      card_.reset();
    else
      write(card::kRegCardCtrl, card::kCardCtrlResetMask);
    for (const uint32_t counter : {card::kRegRequestTail, card::kRegRequestHead,
                                   card::kRegResponseTail, card::kRegResponseHead})
      EXPECT_EQ(read(counter), 0u) << std::hex << counter;
    EXPECT_EQ(read(card::kRegToken), 0u);
    EXPECT_FALSE(card_.interrupt());
    EXPECT_FALSE(card_.has_input());
    EXPECT_GT(card_.generation(), generation) << "the board must drop what is on its way";
    answer(numbers(9, 1));
    EXPECT_EQ(read(card::kResponseRing, 2), 9u);
    write(card::kRegResponseHead, 1);
    write(card::kRegCardCtrl, card::kCardCtrlResetMask);
  }
}

TEST_F(CardOnABus, Bar0IsTheBusBelowTheCardsRegisters) {
  for (const uint32_t address : {0x00u, 0x04u, 0x0Cu, 0x7Cu}) {
    uint32_t word = 0;
    const bool there = bus_.read(address, {&word, 1}).status == spec::Status::kOk;
    EXPECT_TRUE(there);
    EXPECT_EQ(read(address), word) << std::hex << address;
  }
  write(0x18, 42);
  EXPECT_EQ(read(0x18), 42u);
  expect_error(0);
  for (const uint32_t refused : {0x08u, 0x80u, 0xFFCu, 0x1000u}) {
    EXPECT_EQ(read(refused), ~0u) << std::hex << refused;
    expect_error(card::kCardErrorAccessMask);
    write(refused, 1);
    expect_error(card::kCardErrorAccessMask);
  }
  write(0x18, 0x8000'0000);  // a value that the device refuses
  expect_error(card::kCardErrorAccessMask);
  EXPECT_EQ(read(0x18), 42u);
}

TEST_F(CardOnABus, Bar2IsTheBoardsMemoryUpToItsEnd) {
  const std::vector<uint32_t> words = numbers(100, 600);
  const std::span bytes(reinterpret_cast<const uint8_t*>(words.data()), 4 * words.size());
  card_.write(2, card::kBoardMemory + 4, bytes);
  expect_error(0);
  uint32_t on_bus = 0;
  ASSERT_EQ(bus_.read(spec::kWindowMemory + 8, {&on_bus, 1}).status, spec::Status::kOk);
  EXPECT_EQ(on_bus, 101u);
  std::vector<uint32_t> got(words.size());
  card_.read(2, card::kBoardMemory + 4, {reinterpret_cast<uint8_t*>(got.data()), 4 * got.size()});
  EXPECT_EQ(got, words);
  expect_error(0);
  card_.write(2, kMemoryEnd - 8, bytes.first(16));  // two words in, two beyond
  expect_error(card::kCardErrorAccessMask);
  got.assign(4, 0);
  card_.read(2, kMemoryEnd - 8, {reinterpret_cast<uint8_t*>(got.data()), 16});
  expect_error(card::kCardErrorAccessMask);
  EXPECT_EQ(got, (std::vector<uint32_t>{100, 101, ~0u, ~0u}));
}

TEST_F(CardOnABus, TheControllersCallRaisesTheInterrupt) {
  write(card::kRegIrqEnable, card::kIrqEnableAttentionMask);
  bus_.calls = true;
  EXPECT_EQ(read(card::kRegIrqStatus), card::kIrqStatusAttentionMask);
  EXPECT_FALSE(card_.interrupt()) << "before the card has looked";
  card_.follow_board();
  EXPECT_TRUE(card_.interrupt());
  bus_.calls = false;
  write(0x00, 1);  // may have been what ended the call
  EXPECT_FALSE(card_.interrupt());
  bus_.calls = true;
  write(card::kRegIrqEnable, card::kIrqEnableResponseMask);
  EXPECT_FALSE(card_.interrupt());
  EXPECT_EQ(levels_, (std::vector<bool>{true, false}));
}

TEST_F(CardOnABus, WithoutItsBoardItShowsWhatIdentifiesTheDevice) {
  write(0x18, 42);
  card_.set_bus(nullptr);
  EXPECT_EQ(read(spec::kRegMagic), spec::kMagicValue);
  expect_error(0);
  write(spec::kRegScratch, 1);
  expect_error(card::kCardErrorAccessMask);
  EXPECT_EQ(read(card::kBoardMemory, 2), ~0u);
  expect_error(card::kCardErrorAccessMask);
}

}  // namespace
}  // namespace crucible::sim
