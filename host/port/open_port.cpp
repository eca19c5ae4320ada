#include "host/port/open_port.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>

#include "host/base/deadline.hpp"
#include "host/link/address.hpp"
#include "host/port/link_port.hpp"
#include "host/port/model_port.hpp"
#include "host/port/sim_port.hpp"

namespace crucible::port {

namespace {

/// The configuration named after `prefix` and a colon; the first of `full` when nothing is named.
const spec::HardwareConfig& config_of(std::string_view address, std::string_view prefix) {
  std::string_view name = address.substr(prefix.size());
  if (name.starts_with(':'))
    name.remove_prefix(1);
  else if (name.empty())
    name = spec::kConfigFull.name;
  const auto found =
      std::find_if(spec::kConfigs.begin(), spec::kConfigs.end(),
                   [&](const spec::HardwareConfig& config) { return config.name == name; });
  if (found != spec::kConfigs.end()) return *found;
  std::string known;
  for (const spec::HardwareConfig& config : spec::kConfigs)
    known += fmt::format(" {}:{}", prefix, config.name);
  throw Error(ErrorKind::kUsage,
              fmt::format("device address '{}': no hardware configuration '{}'; write one of{}",
                          address, name, known));
}

bool is(std::string_view address, std::string_view prefix) {
  return address == prefix || (address.starts_with(prefix) && address[prefix.size()] == ':');
}

/// An emulated UART's clock may run twenty times slower than the wall clock.
constexpr uint32_t kBitsPerByte = 10;
constexpr uint32_t kSlowdown = 20;

}  // namespace

std::optional<std::string_view> emulation(std::string_view address) {
  const auto found = std::find_if(kEmulations.begin(), kEmulations.end(),
                                  [&](std::string_view kind) { return is(address, kind); });
  return found == kEmulations.end() ? std::nullopt : std::optional(*found);
}

std::unique_ptr<IPort> open_port(const std::string& address, const PortOptions& options) {
  if (is(address, "model")) return std::make_unique<ModelPort>(config_of(address, "model"));
  if (const auto kind = emulation(address)) {
    const spec::HardwareConfig& config = config_of(address, *kind);
    BoardProcess::Options board;
    board.program = find_board();
    board.config = config.name;
    board.model = kind->substr(kind->find(':') + 1);
    board.start_timeout = options.board_start_timeout;
    board.stop_timeout = options.board_stop_timeout;
    return std::make_unique<SimPort>(address, board, options.link);
  }
  if (address.starts_with("sim")) {
    throw Error(ErrorKind::kUsage,
                fmt::format("device address '{}': unknown emulation; write one of {}, or with a "
                            "configuration sim:rtl:full",
                            address, fmt::join(kEmulations, ", ")));
  }
  const link::Address at = link::parse_address(address);
  LinkOptions link = options.link;
  if (at.scheme == link::Scheme::kUart) {
    link.slowest_bytes_per_s =
        std::min(link.slowest_bytes_per_s, at.baud / kBitsPerByte / kSlowdown);
  }
  return std::make_unique<LinkPort>(link::open_transport(at, deadline_in(link.open_timeout)), link);
}

}  // namespace crucible::port
