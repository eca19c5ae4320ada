// The host's own link over the rings of the RTL card, and single words of BAR0 beside it.
#include <gtest/gtest.h>

#include <random>

#include "Vcim_pcie_small_soc.h"
#include "host/base/deadline.hpp"
#include "host/link/pcie/ring_transport.hpp"
#include "host/port/link_port.hpp"
#include "sim/verilated/axi_card.hpp"
#include "tests/unit/port_conformance.hpp"

namespace crucible::sim {
namespace {

using Card = AxiCard<Vcim_pcie_small_soc>;
namespace card = spec::card;
constexpr uint64_t kSeed = 20261126;
constexpr std::chrono::seconds kPatience{20};

/// A port that leaves the card to the test, too.
struct OpenCard {
  explicit OpenCard(double idle) {
    auto opened = std::make_unique<Card>("in-process RTL card (small_soc)", idle, kSeed);
    rtl = opened.get();
    port = std::make_unique<port::LinkPort>(
        std::make_unique<link::RingTransport>(std::move(opened), deadline_in(kPatience)));
  }
  Card* rtl = nullptr;
  std::unique_ptr<port::LinkPort> port;
};

void run(OpenCard& card, int clocks) {
  for (int i = 0; i < clocks; ++i) card.rtl->rtl().clock();
}

port::PortCase card_case(const char* name, double idle) {
  return {std::string("rtl_small_soc_card_") + name, [idle] { return OpenCard(idle).port; }};
}

TEST(CardPort, Bar0ShowsTheDevicesRegistersAsTheFramesDo) {
  OpenCard card(0.2);
  for (uint32_t address = 0; address < 0x200; address += 4) {
    const uint64_t refused = card.rtl->rtl().refused();
    const uint32_t direct = card.rtl->read(address);
    if (card.rtl->rtl().refused() != refused) {
      EXPECT_THROW(static_cast<void>(card.port->read_word(address)), Error) << std::hex << address;
      continue;
    }
    const uint32_t by_frame = card.port->read_word(address);
    const bool counts = address == spec::kRegCyclesLo;
    EXPECT_TRUE(counts ? by_frame > direct : by_frame == direct) << std::hex << address;
  }
  card.rtl->write(spec::kRegScratch, 0x12345678);
  EXPECT_EQ(card.port->read_word(spec::kRegScratch), 0x12345678u);
}

TEST(CardPort, SingleWordsComeBetweenFramesAndNeverIntoThem) {
  OpenCard card(0.3);
  std::mt19937 random(kSeed);
  const auto words = static_cast<size_t>(spec::kConfigSmallSoc.in_words);
  std::vector<uint32_t> expected(words);
  card.port->write(spec::kWindowInput, expected);
  for (int round = 0; round < 60; ++round) {
    // A burst over the rings is checked, then applied; meanwhile BAR0 is read and written.
    const uint32_t scratch = random();
    card.rtl->write(spec::kRegScratch, scratch);
    const size_t first = random() % words;
    std::vector<uint32_t> change(1 + random() % std::min<size_t>(words - first, 128));
    for (uint32_t& word : change) word = random();
    card.port->write(spec::kWindowInput + 4 * static_cast<uint32_t>(first), change);
    std::copy(change.begin(), change.end(), expected.begin() + static_cast<std::ptrdiff_t>(first));
    ASSERT_EQ(card.rtl->read(spec::kRegScratch), scratch) << "round " << round;
    ASSERT_EQ(card.rtl->read(spec::kRegMagic), spec::kMagicValue) << "round " << round;
  }
  std::vector<uint32_t> got(words);
  card.port->read(spec::kWindowInput, got);
  EXPECT_EQ(got, expected) << "seed " << kSeed;
}

TEST(CardPort, Bar2ShowsTheMemoryThatFramesReach) {
  OpenCard card(0.2);
  std::mt19937 random(kSeed);
  std::vector<uint32_t> words(700), got(words.size());
  for (int round = 0; round < 8; ++round) {
    for (uint32_t& word : words) word = random();
    const uint32_t at = 4 * (random() % 10'000);
    if (round % 2 == 0) {
      card.rtl->write_block(card::kBoardMemory + at, words);
      card.port->read(spec::kWindowMemory + at, got);
    } else {
      card.port->write(spec::kWindowMemory + at, words);
      card.rtl->read_block(card::kBoardMemory + at, got);
    }
    ASSERT_EQ(got, words) << "round " << round << ", seed " << kSeed;
  }
  EXPECT_EQ(card.rtl->rtl().refused(), 0u);
  std::array<uint32_t, 2> ends{};
  const auto end = card::kBoardMemory + static_cast<uint32_t>(spec::kConfigSmallSoc.memory_bytes);
  card.rtl->read_block(end - 4, ends);
  EXPECT_EQ(ends[1], ~0u);
  EXPECT_EQ(card.rtl->read(card::kRegCardError), card::kCardErrorAccessMask);
}

TEST(CardPort, AnIllegalWordIsRefusedOnBothWaysWithoutATrace) {
  OpenCard card(0.1);
  const uint32_t before = card.port->read_word(spec::kRegAdc);
  const uint64_t refused = card.rtl->rtl().refused();
  card.rtl->write(spec::kRegAdc, 0xFFFF'FFFF);
  EXPECT_EQ(card.rtl->rtl().refused(), refused + 1);
  EXPECT_EQ(card.rtl->read(card::kRegCardError), card::kCardErrorAccessMask);
  EXPECT_THROW(card.port->write_word(spec::kRegAdc, 0xFFFF'FFFF), Error);
  EXPECT_EQ(card.port->read_word(spec::kRegAdc), before);
}

TEST(CardPort, TheControllersCallRaisesTheInterrupt) {
  OpenCard card(0.1);
  card.rtl->write(card::kRegIrqEnable, card::kIrqEnableAttentionMask);
  run(card, 64);
  EXPECT_FALSE(card.rtl->rtl().interrupt());
  card.rtl->write(spec::kRegNotify, 1);
  run(card, 4);
  EXPECT_TRUE(card.rtl->rtl().interrupt());
  card.rtl->write(spec::kRegAttention, card.rtl->read(spec::kRegAttention));
  run(card, 4);
  EXPECT_FALSE(card.rtl->rtl().interrupt());
}

TEST(CardPort, AResetInMidFrameEndsInAnErrorThatSaysSo) {
  OpenCard card(0.1);
  card.port->write_word(spec::kRegScratch, 1);
  card.rtl->rtl().reset();
  try {
    static_cast<void>(card.port->read_word(spec::kRegScratch));
    ADD_FAILURE() << "the session went on over a reset";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kDevice);
    EXPECT_NE(std::string(error.what()).find("TOKEN"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace crucible::sim

namespace crucible::port {

INSTANTIATE_TEST_SUITE_P(RtlCard, PortConformance,
                         testing::Values(sim::card_case("never_waits", 0),
                                         sim::card_case("waits_at_random", 0.2)),
                         port_case_name);

INSTANTIATE_TEST_SUITE_P(RtlCard, PortEffects,
                         testing::Values(sim::card_case("waits_at_random", 0.2)), port_case_name);
INSTANTIATE_TEST_SUITE_P(RtlCard, PortController,
                         testing::Values(sim::card_case("waits_at_random", 0.2)), port_case_name);

}  // namespace crucible::port
