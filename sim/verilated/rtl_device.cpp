#include "sim/verilated/rtl_device.hpp"

#include <fmt/format.h>

#include "models/error.hpp"
#include "sim/verilated/rtl_devices.hpp"

namespace crucible::sim {
namespace {

using Factory = std::unique_ptr<ITlmDevice> (*)(uint64_t, bool);
struct Entry {
  std::string_view name;
  Factory make;
};
constexpr Entry kDevices[] = {{"tiny", &make_tiny_device},
                              {"small_soc", &make_small_soc_device},
                              {"full_soc", &make_full_soc_device}};

}  // namespace

std::unique_ptr<ITlmDevice> make_rtl_device(const spec::HardwareConfig& config, uint64_t seed,
                                            bool assertions) {
  std::string known;
  for (const Entry& device : kDevices) {
    if (device.name == config.name) return device.make(seed, assertions);
    known += fmt::format(" {}", device.name);
  }
  throw Error(
      ErrorKind::kUsage,
      fmt::format("no RTL of a device '{}' for a mixed board: use one of{}", config.name, known));
}

}  // namespace crucible::sim
