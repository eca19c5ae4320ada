// The rings' driver against a card in this process: what it does, and what it says when the card is
// not what it should be.
#include "host/link/pcie/ring_transport.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "host/port/link_port.hpp"
#include "models/error.hpp"
#include "tests/unit/model_card.hpp"
#include "tests/unit/port_conformance.hpp"

namespace crucible::port {
namespace {

using namespace std::chrono_literals;
namespace card = spec::card;
using link::Clock;
using link::RingTransport;

std::unique_ptr<RingTransport> open(const std::shared_ptr<CardSlot>& slot, bool interrupt = true,
                                    Clock::duration patience = 1s) {
  return std::make_unique<RingTransport>(std::make_unique<ModelCard>(slot, interrupt),
                                         Clock::now() + patience);
}

PortCase card_case(const spec::HardwareConfig& config, bool interrupt) {
  return {std::string(config.name) + (interrupt ? "_interrupt" : "_polled"), [&config, interrupt] {
            return std::make_unique<LinkPort>(open(std::make_shared<CardSlot>(config), interrupt));
          }};
}

class Rings : public testing::Test {
 protected:
  static void expect_error(ErrorKind kind, const std::vector<std::string>& parts,
                           const std::function<void()>& action) {
    try {
      action();
      ADD_FAILURE() << "no error";
    } catch (const Error& error) {
      const std::string message = error.what();
      EXPECT_EQ(error.kind(), kind) << message;
      EXPECT_EQ(message.find("card:model"), 0u) << message;
      for (const std::string& part : parts)
        EXPECT_NE(message.find(part), std::string::npos) << part << " in: " << message;
    }
  }
  std::shared_ptr<CardSlot> slot_ = std::make_shared<CardSlot>(spec::kConfigTiny);
};

TEST_F(Rings, RefuseWhatIsNoCardOfThisLayout) {
  const struct {
    uint32_t offset, value;
    std::vector<std::string> parts;
  } cases[] = {
      {spec::kRegMagic, 0x12345678, {"MAGIC (BAR0 + 0x0000)", "0x12345678", "no Crucible card"}},
      {spec::kRegMagic, ~0u, {"MAGIC", "powered"}},
      {card::kRegCardId, 0, {"CARD_ID (BAR0 + 0x8000)", "0x44524143"}},
      {card::kRegCardVersion, 0x0203, {"layout 2.3", "1.0"}},
      {card::kRegRingWords, 14, {"RING_WORDS (BAR0 + 0x8008)", "2^14", "32768 bytes"}},
      {card::kRegRingWords, 31 << 8, {"2^31"}}};
  for (const auto& [offset, value, parts] : cases) {
    slot_->forged = {{offset, value}};
    expect_error(ErrorKind::kDevice, parts, [&] { open(slot_); });
  }
}

TEST_F(Rings, WaitForTheRingsToBeEmptyWithADeadline) {
  slot_->forged = {{card::kRegResponseTail, 12}};
  expect_error(ErrorKind::kTimeout, {"RESPONSE_TAIL (BAR0 + 0x8018)", "is 12"},
               [&] { open(slot_, true, 20ms); });
}

TEST_F(Rings, RecogniseACardThatIsGone) {
  for (const bool interrupt : {true, false}) {
    slot_ = std::make_shared<CardSlot>(spec::kConfigTiny);
    const auto transport = open(slot_, interrupt);
    slot_->pulled_out = true;
    std::array<uint8_t, 4> bytes{};
    expect_error(ErrorKind::kDevice, {"RESPONSE_TAIL (BAR0 + 0x8018)", "MAGIC", "gone"},
                 [&] { transport->read(bytes, Clock::now() + 10s); });
    const std::vector<uint8_t> many(5 * card::kRequestRingBytes);
    expect_error(ErrorKind::kDevice, {"REQUEST_HEAD (BAR0 + 0x8014)", "gone"},
                 [&] { transport->write(many, Clock::now() + 10s); });
  }
}

TEST_F(Rings, TakeAllOnesForAValueWhileTheCardIsThere) {
  const auto transport = open(slot_);
  slot_->forged = {{card::kRegResponseTail, ~0u}};
  std::array<uint8_t, 4> bytes{};
  expect_error(ErrorKind::kDevice, {"RESPONSE_TAIL", "4294967295", "faulty"},
               [&] { transport->read(bytes, Clock::now() + 1s); });
}

TEST_F(Rings, RecogniseAResetBehindTheirBack) {
  std::array<uint8_t, 64> bytes{};
  for (const bool interrupt : {true, false}) {
    const auto first = open(slot_, interrupt);
    const auto second = open(slot_, interrupt);
    expect_error(ErrorKind::kDevice, {"TOKEN (BAR0 + 0x800c)", "reset by somebody else"},
                 [&] { first->read(bytes, Clock::now() + 5ms); });
    EXPECT_EQ(second->read(bytes, Clock::now() + 5ms), 0u);
    slot_->card().reset();
    expect_error(ErrorKind::kDevice, {"TOKEN (BAR0 + 0x800c) is 0x00000000"},
                 [&] { second->read(bytes, Clock::now() + 5ms); });
  }
}

TEST_F(Rings, AResetInMidFrameEndsTheSessionWithAReasonAndTheNextOneWorks) {
  LinkPort port(open(slot_));
  port.write_word(spec::kRegScratch, 17);
  link::Frame frame;
  frame.op = static_cast<uint8_t>(link::Op::kWrite);
  frame.length = 2;
  frame.address = spec::kRegScratch;
  frame.payload = {1, 2};
  std::vector<uint8_t> bytes;
  link::encode(frame, bytes);
  open(slot_)->write(std::span(bytes).first(bytes.size() - 8), Clock::now() + 1s);
  slot_->card().reset();
  expect_error(ErrorKind::kDevice, {"TOKEN", "reset by somebody else"},
               [&] { std::ignore = port.read_word(spec::kRegMagic); });
  LinkPort again(open(slot_));
  EXPECT_EQ(again.read_word(spec::kRegScratch), 17u);
}

TEST_F(Rings, GiveUpAtTheDeadlineWhenTheDeviceTakesNothing) {
  const auto transport = open(slot_);
  slot_->stopped = true;
  const auto start = Clock::now();
  expect_error(
      ErrorKind::kTimeout, {"REQUEST_HEAD (BAR0 + 0x8014) stays at 0", "1 words left"}, [&] {
        transport->write(std::vector<uint8_t>(card::kRequestRingBytes + 4), Clock::now() + 30ms);
      });
  std::array<uint8_t, 4> bytes{};
  EXPECT_EQ(transport->read(bytes, Clock::now() + 30ms), 0u);
  EXPECT_LT(Clock::now() - start, 5s);
}

TEST_F(Rings, CarryAnyNumberOfBytes) {
  const auto transport = open(slot_);
  link::Frame sync;
  sync.op = static_cast<uint8_t>(link::Op::kSync);
  sync.session = 9;
  std::vector<uint8_t> frame, answer, again;
  link::encode(sync, frame);
  for (const size_t piece : {1u, 2u, 3u, 5u, 7u, 64u}) {
    for (size_t at = 0; at < frame.size(); at += piece) {
      const auto bytes = std::span(frame).subspan(at, std::min(piece, frame.size() - at));
      transport->write(bytes, Clock::now() + 1s);
    }
    std::vector<uint8_t> got(piece);
    again.clear();
    while (const size_t count = transport->read(got, Clock::now() + 5ms))
      again.insert(again.end(), got.begin(), got.begin() + static_cast<std::ptrdiff_t>(count));
    if (answer.empty()) answer = again;
    EXPECT_EQ(answer.size(), link::encoded_size(sync.op | link::kResponseBit, 3));
    EXPECT_EQ(again, answer) << piece;
  }
}

INSTANTIATE_TEST_SUITE_P(Card, PortConformance,
                         testing::Values(card_case(spec::kConfigTiny, true),
                                         card_case(spec::kConfigTiny, false),
                                         card_case(spec::kConfigSmall, true)),
                         port_case_name);
INSTANTIATE_TEST_SUITE_P(Card, PortEffects, testing::Values(card_case(spec::kConfigSmall, true)),
                         port_case_name);
INSTANTIATE_TEST_SUITE_P(Card, PortController,
                         testing::Values(card_case(spec::kConfigSmallSoc, true)), port_case_name);

}  // namespace
}  // namespace crucible::port
