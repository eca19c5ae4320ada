// The searches with hardware in the loop by name.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "host/search/device/device_session.hpp"
#include "host/search/i_search.hpp"

namespace crucible::search {

/// A search that measures on a device. Its state holds the session's.
class IDeviceSearch : public ISearch {
 public:
  [[nodiscard]] virtual const DeviceSession& session() const = 0;
};

struct DeviceMethodEntry {
  std::string name;     ///< as on the command line
  std::string summary;  ///< one sentence with its source
  int measurements;     ///< at effort 1
  std::unique_ptr<IDeviceSearch> (*make)(DeviceSession session, int measurements);
};

/// All of them, one line each in registry.cpp.
[[nodiscard]] std::span<const DeviceMethodEntry> device_methods();
[[nodiscard]] bool is_device_method(const std::string& name);
/// All names, for messages.
[[nodiscard]] std::string device_method_names();
/// Throws crucible::Error(kUsage) listing the known names.
[[nodiscard]] const DeviceMethodEntry& find_device_method(const std::string& name);

// Each is defined in the file of its name.
[[nodiscard]] std::unique_ptr<IDeviceSearch> make_block_flip(DeviceSession, int measurements);
[[nodiscard]] std::unique_ptr<IDeviceSearch> make_spsa(DeviceSession, int measurements);
[[nodiscard]] std::unique_ptr<IDeviceSearch> make_evolution(DeviceSession, int measurements);
[[nodiscard]] std::unique_ptr<IDeviceSearch> make_twin_proposes(DeviceSession, int measurements);
[[nodiscard]] std::unique_ptr<IDeviceSearch> make_straight_through(DeviceSession, int measurements);

}  // namespace crucible::search
