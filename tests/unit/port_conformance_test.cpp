// The in-process device, and a link to it, do what every device must do.
#include "tests/unit/port_conformance.hpp"

#include "host/port/link_port.hpp"
#include "host/port/model_port.hpp"
#include "tests/unit/lossy_transport.hpp"

namespace crucible::port {
namespace {

PortCase model(const spec::HardwareConfig& config) {
  return {std::string(config.name), [&config] { return std::make_unique<ModelPort>(config); }};
}

PortCase link_to_model(const spec::HardwareConfig& config) {
  return {std::string(config.name), [&config] {
            auto wire =
                std::make_unique<LossyTransport>(std::make_shared<LinkDevice>(config), Damage{});
            return std::make_unique<LinkPort>(std::move(wire));
          }};
}

INSTANTIATE_TEST_SUITE_P(Model, PortConformance,
                         testing::Values(model(spec::kConfigTiny), model(spec::kConfigSmall),
                                         model(spec::kConfigFull), model(spec::kConfigSmallSoc)),
                         port_case_name);
INSTANTIATE_TEST_SUITE_P(LinkToModel, PortConformance,
                         testing::Values(link_to_model(spec::kConfigTiny),
                                         link_to_model(spec::kConfigSmall),
                                         link_to_model(spec::kConfigSmallSoc)),
                         port_case_name);

INSTANTIATE_TEST_SUITE_P(Model, PortEffects,
                         testing::Values(model(spec::kConfigSmall), model(spec::kConfigFull)),
                         port_case_name);
INSTANTIATE_TEST_SUITE_P(LinkToModel, PortEffects,
                         testing::Values(link_to_model(spec::kConfigSmall)), port_case_name);

INSTANTIATE_TEST_SUITE_P(Model, PortController,
                         testing::Values(model(spec::kConfigSmallSoc), model(spec::kConfigFullSoc)),
                         port_case_name);
INSTANTIATE_TEST_SUITE_P(LinkToModel, PortController,
                         testing::Values(link_to_model(spec::kConfigSmallSoc)), port_case_name);

}  // namespace
}  // namespace crucible::port
