// The host's own link over the rings of the RTL card in this process, and single words of its BARs
// beside it.
#include <gtest/gtest.h>

#include "Vcim_pcie_small_soc.h"
#include "models/error.hpp"
#include "sim/verilated/axi_card.hpp"
#include "tests/unit/card_conformance.hpp"
#include "tests/unit/port_conformance.hpp"

namespace crucible::sim {
namespace {

using Card = AxiCard<Vcim_pcie_small_soc>;
constexpr uint64_t kSeed = 20261126;

std::unique_ptr<Card> make_card(double idle) {
  return std::make_unique<Card>("in-process RTL card (small_soc)", idle, kSeed);
}

port::PortCase port_case(const char* name, double idle) {
  return {std::string("rtl_small_soc_card_") + name,
          [idle] { return port::OpenCard(make_card(idle)).port; }};
}

port::CardCase card_case(const char* name, double idle) {
  return {name, spec::kConfigSmallSoc, [idle] { return port::OpenCard(make_card(idle)); }};
}

TEST(CardPort, TheInterruptIsALevelThatFollowsTheControllersCall) {
  auto opened = make_card(0.1);
  Card& rtl = *opened;
  const port::OpenCard card(std::move(opened));
  rtl.write(spec::card::kRegIrqEnable, spec::card::kIrqEnableAttentionMask);
  EXPECT_EQ(rtl.read(spec::card::kRegIrqStatus), 0u);
  EXPECT_FALSE(rtl.rtl().interrupt());
  rtl.write(spec::kRegNotify, 1);
  EXPECT_NE(rtl.read(spec::card::kRegIrqStatus), 0u);
  EXPECT_TRUE(rtl.rtl().interrupt());
  rtl.write(spec::kRegAttention, rtl.read(spec::kRegAttention));
  EXPECT_EQ(rtl.read(spec::card::kRegIrqStatus), 0u);
  EXPECT_FALSE(rtl.rtl().interrupt());
}

TEST(CardPort, AResetInMidFrameEndsInAnErrorThatSaysSo) {
  auto opened = make_card(0.1);
  Card& rtl = *opened;
  const port::OpenCard card(std::move(opened));
  card.port->write_word(spec::kRegScratch, 1);
  rtl.rtl().reset();
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

const auto kNeverWaits = sim::card_case("never_waits", 0);
const auto kWaits = sim::card_case("waits_at_random", 0.2);
INSTANTIATE_TEST_SUITE_P(RtlCard, CardConformance, testing::Values(kNeverWaits, kWaits),
                         card_case_name);
INSTANTIATE_TEST_SUITE_P(RtlCard, CardController, testing::Values(kNeverWaits, kWaits),
                         card_case_name);

INSTANTIATE_TEST_SUITE_P(RtlCard, PortConformance,
                         testing::Values(sim::port_case("never_waits", 0),
                                         sim::port_case("waits_at_random", 0.2)),
                         port_case_name);

INSTANTIATE_TEST_SUITE_P(RtlCard, PortEffects,
                         testing::Values(sim::port_case("waits_at_random", 0.2)), port_case_name);
INSTANTIATE_TEST_SUITE_P(RtlCard, PortController,
                         testing::Values(sim::port_case("waits_at_random", 0.2)), port_case_name);

}  // namespace crucible::port
