// The tops of the named configurations.
#include <fmt/format.h>

#include <array>

#include "models/error.hpp"
#include "sim/verilated/tops.hpp"

namespace crucible::sim {
namespace {

using Factory = std::unique_ptr<IRtlTop> (*)(const spec::HardwareConfig&, uint64_t);
struct Entry {
  std::string_view name;
  Factory make;
};
constexpr std::array<Entry, 3> kTops{
    {{"tiny", &make_tiny_top}, {"small", &make_small_top}, {"full", &make_full_top}}};

}  // namespace

std::unique_ptr<IRtlTop> make_rtl_top(std::string_view config_name, uint64_t seed) {
  for (const Entry& top : kTops) {
    if (top.name != config_name) continue;
    for (const spec::HardwareConfig& config : spec::kConfigs) {
      if (config.name == config_name) return top.make(config, seed);
    }
  }
  throw Error(ErrorKind::kUsage,
              fmt::format("no RTL configuration '{}': use tiny, small or full", config_name));
}

}  // namespace crucible::sim
