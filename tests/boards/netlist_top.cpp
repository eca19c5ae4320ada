// A board's top with nothing but its pins, as the top of this program. CRUCIBLE_TOP is its
// Verilated class, CRUCIBLE_TOP_HEADER its header, CRUCIBLE_TOP_CONFIG the configuration it was
// made of.
#include "tests/boards/netlist_top.hpp"

#include <fmt/format.h>

#include <algorithm>

#include CRUCIBLE_TOP_HEADER

namespace crucible::sim {

std::unique_ptr<IRtlTop> make_rtl_top(std::string_view config_name, uint64_t /*seed*/) {
  const auto* const config =
      std::find_if(spec::kConfigs.begin(), spec::kConfigs.end(),
                   [&](const spec::HardwareConfig& known) { return known.name == config_name; });
  if (config == spec::kConfigs.end() || config_name != CRUCIBLE_TOP_CONFIG)
    throw Error(ErrorKind::kUsage,
                fmt::format("no top of '{}': there is {}", config_name, CRUCIBLE_TOP_CONFIG));
  return std::make_unique<NetlistTop<CRUCIBLE_TOP>>(*config);
}

}  // namespace crucible::sim
