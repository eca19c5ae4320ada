// The TLM-2.0 board and mixed boards do what every device behind a port must do.
#include "host/port/open_port.hpp"
#include "tests/unit/port_conformance.hpp"

namespace crucible::port {
namespace {

PortCase board(const std::string& address) {
  return {address, [address] { return open_port(address); }};
}

INSTANTIATE_TEST_SUITE_P(Tlm, PortConformance,
                         testing::Values(board("sim:tlm:tiny"), board("sim:tlm:small"),
                                         board("sim:mixed:tiny")),
                         port_case_name);
INSTANTIATE_TEST_SUITE_P(Tlm, PortEffects, testing::Values(board("sim:tlm:small")), port_case_name);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(PortController);  // where there is no core
#if CRUCIBLE_CONTROLLER
INSTANTIATE_TEST_SUITE_P(TlmSoc, PortConformance,
                         testing::Values(board("sim:tlm:small_soc"), board("sim:mixed:small_soc")),
                         port_case_name);
INSTANTIATE_TEST_SUITE_P(TlmSoc, PortEffects, testing::Values(board("sim:mixed:small_soc")),
                         port_case_name);
// A mixed board has no layer engine, which this suite wants; tlm_equivalence_test has its
// controller.
INSTANTIATE_TEST_SUITE_P(TlmSoc, PortController, testing::Values(board("sim:tlm:small_soc")),
                         port_case_name);
#endif

}  // namespace
}  // namespace crucible::port
