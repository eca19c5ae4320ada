// The cores of the named configurations.
#include <fmt/format.h>

#include "models/error.hpp"
#include "sim/verilated/cores.hpp"

namespace crucible::sim {
namespace {

using Factory = std::unique_ptr<ICore> (*)(std::span<uint32_t>, bool);
struct Entry {
  std::string_view name;
  Factory make;
};
constexpr Entry kCores[] = {
#if CRUCIBLE_CONTROLLER
    {"small_soc", &make_small_soc_core},
    {"full_soc", &make_full_soc_core},
#endif
    {"", nullptr},
};

}  // namespace

std::unique_ptr<ICore> make_core(const spec::HardwareConfig& config, std::span<uint32_t> memory,
                                 bool assertions) {
  if (config.controller == 0) return nullptr;
  for (const Entry& core : kCores)
    if (core.name == config.name) return core.make(memory, assertions);
  throw Error(ErrorKind::kUsage,
              fmt::format("no core for the configuration '{}' in this build ({})", config.name,
                          CRUCIBLE_CONTROLLER_MISSING));
}

}  // namespace crucible::sim
