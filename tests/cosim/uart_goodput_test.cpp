// How much of the wire's capacity the host's link turns into payload, in device cycles: a character
// of eight data bits takes ten bit times, so the capacity is baud * 8 / 10 bits a second in each
// direction.
#include <gtest/gtest.h>

#include <functional>
#include <random>

#include "host/port/link_port.hpp"
#include "sim/verilated/rtl_transport.hpp"

namespace crucible::sim {
namespace {

constexpr uint64_t kSeed = 20261126;
constexpr double kGoal = 0.9;
constexpr size_t kWords = 2048;  ///< the window OFFSET of `small`, a part of that of `full`
constexpr int kCharacterBits = 10;

class UartGoodput : public testing::TestWithParam<const char*> {
 protected:
  UartGoodput() {
    auto transport = std::make_unique<RtlTransport>(make_rtl_top(GetParam(), kSeed), Wire::kUart);
    top_ = &transport->top();
    port_ = std::make_unique<port::LinkPort>(std::move(transport));
    for (uint32_t& word : words_) word = static_cast<uint32_t>(random_());
  }

  /// Share of the wire that kWords words took, of those that `action` moves.
  double share(const std::function<void()>& action) {
    const uint64_t start = top_->outputs().cycle;
    action();
    const auto cycles = static_cast<double>(top_->outputs().cycle - start);
    const spec::HardwareConfig& config = top_->config();
    const uint32_t clocks_per_bit = config.clk_hz / config.baud;
    return static_cast<double>(kWords * sizeof(uint32_t)) * kCharacterBits * clocks_per_bit /
           cycles;
  }

  std::mt19937 random_{kSeed};
  std::vector<uint32_t> words_ = std::vector<uint32_t>(kWords);
  std::unique_ptr<port::LinkPort> port_;
  IRtlTop* top_ = nullptr;
};

TEST_P(UartGoodput, BurstsFillNineTenthsOfTheWireInBothDirections) {
  const double sent = share([&] { port_->write(spec::kWindowOffset, words_); });
  std::vector<uint32_t> got(kWords);
  const double received = share([&] { port_->read(spec::kWindowOffset, got); });
  RecordProperty("write_percent", std::to_string(100 * sent));
  RecordProperty("read_percent", std::to_string(100 * received));
  EXPECT_EQ(got, words_) << "seed " << kSeed;
  EXPECT_GE(sent, kGoal);
  EXPECT_GE(received, kGoal);
  EXPECT_LE(sent, 1);
  EXPECT_LE(received, 1);
}

INSTANTIATE_TEST_SUITE_P(Configurations, UartGoodput, testing::Values("small", "full"),
                         [](const auto& instance) { return std::string(instance.param); });

}  // namespace
}  // namespace crucible::sim
