// The host's own link stack against the RTL in this process: over the stream and over the UART's
// pins, undisturbed and not.
#include <gtest/gtest.h>

#include <random>

#include "host/port/link_port.hpp"
#include "sim/verilated/rtl_transport.hpp"
#include "tests/cosim/damaging_transport.hpp"
#include "tests/unit/port_conformance.hpp"

namespace crucible::sim {
namespace {

constexpr uint64_t kSeed = 20261123;

std::unique_ptr<port::IPort> open_rtl(const char* config, Wire wire) {
  auto transport = std::make_unique<RtlTransport>(
      make_rtl_top(config, kSeed), wire, StreamTraffic{.idle = 0.1, .stall = 0.1, .seed = kSeed});
  return std::make_unique<port::LinkPort>(std::move(transport));
}

port::PortCase rtl_case(const char* config, Wire wire) {
  return {std::string("rtl_") + config + (wire == Wire::kUart ? "_uart" : "_stream"),
          [config, wire] { return open_rtl(config, wire); }};
}

class DamagedUart : public testing::TestWithParam<const char*> {};

TEST_P(DamagedUart, NothingIsLostOrDoneTwiceOverAWireThatDamagesAndDropsBytes) {
  // On the average one byte of 400 is hit: about every seventh frame.
  auto damaging = std::make_unique<DamagingTransport>(
      std::make_unique<RtlTransport>(make_rtl_top(GetParam(), kSeed), Wire::kUart),
      ByteDamage{.flip = 0.002, .drop = 0.0005, .seed = kSeed});
  const DamagingTransport& wire = *damaging;
  port::LinkOptions options;
  options.max_retries = 20;
  port::LinkPort port(std::move(damaging), options);
  std::mt19937 random(kSeed);
  std::vector<uint32_t> expected(16);
  port.write(spec::kWindowInput, expected);
  port.write_word(spec::kRegCtrl, spec::kCtrlClearCountersMask);
  uint32_t products = 0;
  for (int round = 0; round < 40; ++round) {
    const size_t first = random() % expected.size();
    std::vector<uint32_t> words(1 + random() % (expected.size() - first));
    for (uint32_t& word : words) word = random();
    port.write(spec::kWindowInput + 4 * static_cast<uint32_t>(first), words);
    std::copy(words.begin(), words.end(), expected.begin() + static_cast<std::ptrdiff_t>(first));
    std::vector<uint32_t> got(expected.size());
    port.read(spec::kWindowInput, got);
    ASSERT_EQ(got, expected) << "round " << round << ", seed " << kSeed;
    const uint32_t job[] = {0, 4, 4, 1, 0, 1, 0, 1};  // executed twice, it would count twice
    port.write(spec::kRegJobBank, job);
    port.wait_idle(100'000);
    products += 1;
  }
  EXPECT_EQ(port.read_word(spec::kRegProducts), products);
  EXPECT_GT(wire.damaged_bytes(), 10u);
  EXPECT_GT(port.statistics().retries, 0u);
}

INSTANTIATE_TEST_SUITE_P(Configurations, DamagedUart, testing::Values("tiny", "small"),
                         [](const auto& instance) { return std::string(instance.param); });

}  // namespace
}  // namespace crucible::sim

namespace crucible::port {

INSTANTIATE_TEST_SUITE_P(Rtl, PortConformance,
                         testing::Values(sim::rtl_case("tiny", sim::Wire::kStream),
                                         sim::rtl_case("small", sim::Wire::kStream),
                                         sim::rtl_case("small", sim::Wire::kUart)),
                         port_case_name);

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(PortController);  // core_port_test.cpp has some

INSTANTIATE_TEST_SUITE_P(Rtl, PortEffects,
                         testing::Values(sim::rtl_case("small", sim::Wire::kStream)),
                         port_case_name);

}  // namespace crucible::port
