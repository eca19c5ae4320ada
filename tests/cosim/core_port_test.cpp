// The host's own link stack against a device with a controller, in this process.
#include "host/port/link_port.hpp"
#include "sim/verilated/rtl_transport.hpp"
#include "tests/unit/port_conformance.hpp"

namespace crucible::port {
namespace {

constexpr uint64_t kSeed = 20261126;

PortCase rtl_case(const char* config) {
  return {std::string("rtl_") + config, [config] {
            return std::make_unique<LinkPort>(std::make_unique<sim::RtlTransport>(
                sim::make_rtl_top(config, kSeed), sim::Wire::kStream,
                sim::StreamTraffic{.idle = 0.1, .stall = 0.1, .seed = kSeed}));
          }};
}

INSTANTIATE_TEST_SUITE_P(Controller, PortConformance, testing::Values(rtl_case("small_soc")),
                         port_case_name);
INSTANTIATE_TEST_SUITE_P(Controller, PortEffects, testing::Values(rtl_case("small_soc")),
                         port_case_name);
INSTANTIATE_TEST_SUITE_P(Controller, PortController, testing::Values(rtl_case("small_soc")),
                         port_case_name);

}  // namespace
}  // namespace crucible::port
