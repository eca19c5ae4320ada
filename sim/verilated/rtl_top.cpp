// The tops of the named configurations.
#include <fmt/format.h>

#include "models/error.hpp"
#include "sim/verilated/tops.hpp"

namespace crucible::sim {
namespace {

using Factory = std::unique_ptr<IRtlTop> (*)(const spec::HardwareConfig&, uint64_t);
struct Entry {
  std::string_view name;
  Factory make;
};
constexpr Entry kTops[] = {
    {"tiny", &make_tiny_top},           {"small", &make_small_top},       {"full", &make_full_top},
    {"nano", &make_nano_top},
#if CRUCIBLE_CONTROLLER
    {"small_soc", &make_small_soc_top}, {"full_soc", &make_full_soc_top},
#endif
};

}  // namespace

std::unique_ptr<IRtlTop> make_rtl_top(std::string_view config_name, uint64_t seed) {
  for (const Entry& top : kTops) {
    if (top.name != config_name) continue;
    for (const spec::HardwareConfig& config : spec::kConfigs) {
      if (config.name == config_name) return top.make(config, seed);
    }
  }
  std::string known;
  for (const Entry& top : kTops) known += fmt::format(" {}", top.name);
  std::string reason;
  for (const spec::HardwareConfig& config : spec::kConfigs) {
    if (config.name == config_name && config.controller != 0)
      reason = fmt::format(" in this build ({})", CRUCIBLE_CONTROLLER_MISSING);
  }
  throw Error(ErrorKind::kUsage,
              fmt::format("no RTL configuration '{}'{}: use one of{}", config_name, reason, known));
}

}  // namespace crucible::sim
