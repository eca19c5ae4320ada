// The card's side of QEMU's x-pci-proxy-dev, message by message.
#include "sim/pcie/pci_proxy_session.hpp"

#include <gtest/gtest.h>
#include <linux/pci_regs.h>

#include <cstring>

#include "models/error.hpp"
#include "sim/pcie/card_model.hpp"

namespace crucible::sim {
namespace {

namespace card = spec::card;
constexpr uint32_t kBar0 = 0xFE000000, kBar2 = 0xFD000000;

class PciProxy : public testing::Test {
 protected:
  template <typename Number>
  static void add(std::vector<uint8_t>& body, Number value) {
    const size_t at = body.size();
    body.resize(at + sizeof(value));
    std::memcpy(body.data() + at, &value, sizeof(value));
  }
  uint64_t ask(int32_t command, const std::vector<uint8_t>& body) {
    const auto answer = session_.handle({command, 0, body.size()}, body);
    EXPECT_TRUE(answer);
    EXPECT_EQ(answer->header.command, 1);
    EXPECT_EQ(answer->header.size, 8u);
    return answer->value;
  }
  uint64_t config(bool write, uint32_t address, uint32_t value, int32_t length) {
    std::vector<uint8_t> body;
    add(body, address), add(body, value), add(body, length);
    return ask(write ? 2 : 3, body);
  }
  uint64_t bar(bool write, uint64_t address, uint64_t value, uint32_t size) {
    std::vector<uint8_t> body;
    add(body, address), add(body, value), add(body, size), add(body, uint32_t{1});
    return ask(write ? 4 : 5, body);
  }

  CardModel card_{spec::kConfigTiny};
  PciProxySession session_{card_};
};

TEST_F(PciProxy, AnswersSizingAndIdentityAsAPciFunction) {
  EXPECT_EQ(config(false, PCI_VENDOR_ID, 0, 4), 0xC1C11234u);
  EXPECT_EQ(config(false, PCI_DEVICE_ID, 0, 2), 0xC1C1u);
  EXPECT_EQ(config(true, PCI_BASE_ADDRESS_0, ~0u, 4), 0u);
  EXPECT_EQ(config(false, PCI_BASE_ADDRESS_0, 0, 4), 0xFFFF0000u);
  EXPECT_EQ(config(false, 0x100, 0, 4), ~0u) << "no extended configuration space";
}

TEST_F(PciProxy, FindsTheBarsWhereTheyWerePut) {
  config(true, PCI_BASE_ADDRESS_0, kBar0, 4);
  config(true, PCI_BASE_ADDRESS_2, kBar2, 4);
  EXPECT_EQ(bar(false, kBar0 + spec::kRegMagic, 0, 4), spec::kMagicValue);
  EXPECT_EQ(bar(true, kBar0 + card::kRegToken, 0x12345678, 4), 0u);
  EXPECT_EQ(bar(false, kBar0 + card::kRegToken, 0, 4), 0x12345678u);
  EXPECT_EQ(bar(false, kBar0 + card::kRegToken, 0, 2), 0xFFFFu);
  EXPECT_EQ(bar(false, kBar0 + card::kRegCardError, 0, 4), card::kCardErrorAccessMask);
  bar(true, kBar2 + card::kRequestRing, 0xCAFE, 4);
  bar(true, kBar0 + card::kRegRequestTail, 1, 4);
  EXPECT_EQ(card_.take(4), (std::vector<uint8_t>{0xFE, 0xCA, 0, 0}));
  EXPECT_EQ(bar(false, 0x1000, 0, 4), ~0u) << "in no BAR";
}

TEST_F(PciProxy, ResetsTheFunction) {
  config(true, PCI_BASE_ADDRESS_0, kBar0, 4);
  bar(true, kBar0 + card::kRegToken, 1, 4);
  EXPECT_EQ(ask(7, {}), 0u);
  config(true, PCI_BASE_ADDRESS_0, kBar0, 4);
  EXPECT_EQ(bar(false, kBar0 + card::kRegToken, 0, 4), 0u);
}

TEST_F(PciProxy, WantsNeitherGuestMemoryNorInterruptDescriptors) {
  EXPECT_FALSE(session_.handle({0, 0, 192}, std::vector<uint8_t>(192)));
  EXPECT_FALSE(session_.handle({6, 0, 0}, {}));
}

TEST_F(PciProxy, RefusesWhatQemuDoesNotSend) {
  const auto refused = [&](int32_t command, std::vector<uint8_t> body) {
    EXPECT_THROW(static_cast<void>(session_.handle({command, 0, body.size()}, body)), Error)
        << command;
  };
  refused(1, std::vector<uint8_t>(8));
  refused(8, {});
  refused(2, std::vector<uint8_t>(11));
  refused(3, std::vector<uint8_t>(12));  // no bytes
  refused(5, std::vector<uint8_t>(24));
  std::vector<uint8_t> nine(24);
  nine[16] = 9;
  refused(4, nine);
}

}  // namespace
}  // namespace crucible::sim
