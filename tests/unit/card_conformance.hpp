// What every PCIe card that shows its whole device must do, RTL or loosely timed, in front of
// whatever device: the fixture. The tests are in card_conformance.cpp (the object library
// `card_conformance`); a test program links them and names its cards, as with port_conformance.hpp.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "host/link/pcie/i_card.hpp"
#include "host/link/pcie/ring_transport.hpp"
#include "host/port/link_port.hpp"
#include "spec/gen/crucible_spec.hpp"

namespace crucible::port {

/// A card after reset, and the port over its rings.
struct OpenCard {
  /// Opens the rings of `opened`; `behind` is what has to live as long.
  explicit OpenCard(std::unique_ptr<link::ICard> opened, std::shared_ptr<void> behind = nullptr);

  std::shared_ptr<void> board;
  link::ICard* card;  ///< the port's
  std::unique_ptr<LinkPort> port;
};

struct CardCase {
  std::string name;
  const spec::HardwareConfig& config;
  std::function<OpenCard()> open;
};

inline std::string card_case_name(const testing::TestParamInfo<CardCase>& info) {
  return info.param.name;
}

class CardConformance : public testing::TestWithParam<CardCase> {
 protected:
  static constexpr uint32_t kSeed = 20261126;

  [[nodiscard]] const spec::HardwareConfig& config() const { return GetParam().config; }
  uint32_t read(uint32_t offset) { return open_.card->read(offset); }
  void write(uint32_t offset, uint32_t word) { open_.card->write(offset, word); }
  std::vector<uint32_t> random_words(size_t count);
  /// What CARD_ERROR says of the accesses since the last call.
  uint32_t errors();

  OpenCard open_ = GetParam().open();
  std::mt19937 random_{kSeed};
};

/// Of cards whose board has a controller and its memory.
class CardController : public CardConformance {
 protected:
  void SetUp() override { ASSERT_EQ(config().controller, 1); }
};

}  // namespace crucible::port
