#include "host/search/device/registry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "models/error.hpp"

namespace crucible::search {

std::span<const DeviceMethodEntry> device_methods() {
  static const std::array<DeviceMethodEntry, 5> kMethods{{
      {"twin-proposes", "groups of moves ranked by the twin's gradient, judged on the device", 200,
       &make_twin_proposes},
      {"straight-through",
       "the twin's slope at the activations read back from the device (Bengio et al. 2013)", 150,
       &make_straight_through},
      {"block-flip",
       "random blocks to a wall, shrinking, device alone (Andriushchenko et al. 2020)", 600,
       &make_block_flip},
      {"spsa", "simultaneous perturbation on blocks and low-rank directions (Spall 1992)", 600,
       &make_spsa},
      {"evolution", "(1+1) evolution strategy with the 1/5 rule on block flips (Rechenberg 1973)",
       600, &make_evolution},
  }};
  return kMethods;
}

bool is_device_method(const std::string& name) {
  const auto all = device_methods();
  return std::any_of(all.begin(), all.end(),
                     [&](const DeviceMethodEntry& entry) { return entry.name == name; });
}

const DeviceMethodEntry& find_device_method(const std::string& name) {
  const auto all = device_methods();
  const auto found = std::find_if(
      all.begin(), all.end(), [&](const DeviceMethodEntry& entry) { return entry.name == name; });
  if (found != all.end()) return *found;
  throw Error(ErrorKind::kUsage,
              fmt::format("search: unknown method '{}' with hardware in the loop; known are {}",
                          name, device_method_names()));
}

std::string device_method_names() {
  std::string known;
  for (const DeviceMethodEntry& entry : device_methods())
    known += (known.empty() ? "" : ", ") + entry.name;
  return known;
}

}  // namespace crucible::search
