#include "host/doctor/doctor.hpp"

#include <fmt/format.h>

#include <memory>

#include "host/doctor/device_checks.hpp"
#include "host/doctor/serial_port.hpp"
#include "host/link/address.hpp"
#include "host/port/open_port.hpp"
#include "models/error.hpp"

namespace crucible::doctor {
namespace {

/// At another rate than the device's nothing answers, which takes one short wait, not many.
port::PortOptions impatient() {
  port::PortOptions options;
  options.link.open_timeout = std::chrono::milliseconds(1500);
  options.link.frame_timeout = std::chrono::milliseconds(300);
  options.link.max_retries = 1;
  return options;
}

Finding examine_rate(const link::Address& own, uint32_t baud, const Options& options) {
  const std::string name = fmt::format("{} baud", baud);
  std::unique_ptr<port::IPort> port;
  try {
    port = port::open_port(fmt::format("uart:{}?baud={}", own.path, baud), impatient());
  } catch (const Error&) {
    return {name, Verdict::kSkip,
            fmt::format("nothing answers at this rate: the device's UART is not set to it"), ""};
  }
  return examine_link(*port, name, options.frames, options.seed);
}

}  // namespace

std::vector<Finding> examine(const std::string& address, const Options& options,
                             const std::function<void(const Finding&)>& tell) {
  std::vector<Finding> findings;
  const auto note = [&](Finding finding) {
    tell(finding);
    findings.push_back(std::move(finding));
    return findings.back().verdict != Verdict::kFail;
  };
  const bool serial = address.starts_with("uart:");
  link::Address own;
  uint32_t answering = 0;  // the last rate at which the link was good; 0: none
  const auto unplugged = [&] { return serial && !std::filesystem::exists(own.path); };
  const auto end = [&] {
    if (unplugged())
      note({"port", Verdict::kFail, fmt::format("'{}' went away in mid-run", own.path),
            "the board was unplugged or lost its power: plug it in and start again; its cells are "
            "empty then"});
    return findings;
  };
  if (serial) {
    own = link::parse_address(address);
    if (!note(examine_port(own.path))) return findings;
    note(examine_latency(own.path, options.sysfs));
    for (const uint32_t baud : options.bauds)
      if (baud != own.baud && note(examine_rate(own, baud, options)) &&
          findings.back().verdict == Verdict::kPass)
        answering = baud;
  }
  std::unique_ptr<port::IPort> port;
  try {
    port = port::open_port(address);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::kUsage) throw;
    note({"answer", Verdict::kFail, error.what(),
          answering != 0 ? fmt::format("a device answers at {0} baud: write uart:{1}?baud={0}",
                                       answering, own.path)
          : serial ? "is it the right port (boards often have two), the right rate, and is the "
                     "bitstream loaded?"
                   : "start the board, or name another address"});
    return end();
  }
  note({"answer", Verdict::kPass, fmt::format("a device answers at {}", port->describe()), ""});
  if (!note(examine_identity(*port))) return end();
  const std::string rate = serial ? fmt::format("{} baud", own.baud) : "link";
  note(examine_link(*port, rate, options.frames, options.seed));  // what follows may be slow
  try {
    driver::Accelerator device(std::move(port));
    if (!note(examine_memory(device))) return end();
    note(examine_converters(device));
    note(examine_network(device, options.seed));
  } catch (const Error& error) {
    if (!unplugged())
      note({"device", Verdict::kFail, error.what(),
            "repeat it with crucible record, and report it"});
  }
  return end();
}

}  // namespace crucible::doctor
