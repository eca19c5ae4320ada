// In place of the RTL's tops: the netlist of one board. CRUCIBLE_NETLIST is its Verilated class,
// CRUCIBLE_NETLIST_HEADER its header, CRUCIBLE_NETLIST_CONFIG the configuration it was made of.
#include "tests/boards/netlist_top.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/verilated/i_rtl_card.hpp"

#include CRUCIBLE_NETLIST_HEADER

namespace crucible::sim {

std::unique_ptr<IRtlTop> make_rtl_top(std::string_view config_name, uint64_t /*seed*/) {
  const auto* const config =
      std::find_if(spec::kConfigs.begin(), spec::kConfigs.end(),
                   [&](const spec::HardwareConfig& known) { return known.name == config_name; });
  if (config == spec::kConfigs.end() || config_name != CRUCIBLE_NETLIST_CONFIG)
    throw Error(ErrorKind::kUsage, fmt::format("no netlist of '{}': there is {}", config_name,
                                               CRUCIBLE_NETLIST_CONFIG));
  return std::make_unique<NetlistTop<CRUCIBLE_NETLIST>>(*config);
}

std::unique_ptr<IRtlCard> make_rtl_card(std::string_view /*config_name*/, uint64_t /*seed*/) {
  throw Error(ErrorKind::kUsage, "a board's netlist is no card: use --pty");
}

}  // namespace crucible::sim
