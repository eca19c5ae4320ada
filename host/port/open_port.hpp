// Opens a device by its address.
#pragma once

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "host/port/i_port.hpp"
#include "host/port/link_options.hpp"

namespace crucible::port {

struct PortOptions {
  LinkOptions link;
  std::chrono::milliseconds board_start_timeout{
      30'000};  ///< sim: until the board says that it is ready
  std::chrono::milliseconds board_stop_timeout{5'000};  ///< sim: from SIGTERM to SIGKILL
};

/// The kinds of emulated board: Verilated RTL, the TLM-2.0 model, RTL of the tile in the model.
constexpr std::array<std::string_view, 3> kEmulations{"sim:rtl", "sim:tlm", "sim:mixed"};

/// The kind of emulated board that an address names, with or without a configuration.
[[nodiscard]] std::optional<std::string_view> emulation(std::string_view address);

/// `model[:full|small|tiny]`, `sim:rtl[:full|small|tiny]`, `sim:tlm[:...]`, `sim:mixed[:...]`,
/// `tcp:HOST:PORT`, `unix:/PATH`, `vfio-user:/PATH`, `pcie:0000:03:00.0`, `vfio:0000:03:00.0`,
/// `xdma:/dev/xdma0`, `uart:/dev/ttyUSB1?baud=3000000`. `sim:` starts a crucible-board of its own
/// and ends it when the port is destroyed. Throws crucible::Error: kUsage for a bad address,
/// kDevice or kTimeout when there is no device.
[[nodiscard]] std::unique_ptr<IPort> open_port(const std::string& address,
                                               const PortOptions& options = {});

}  // namespace crucible::port
