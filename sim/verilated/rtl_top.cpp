// Names of the configurations, and what is common to all models.
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

void IRtlTop::require_no_assertion_failures() const {
  if (assertion_failures() == 0) return;
  throw Error(ErrorKind::kMismatch,
              fmt::format("{} assertion failure(s) in the RTL ({}), a bug of the RTL:\n{}",
                          assertion_failures(), config().name, assertion_report()));
}

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
