#include "host/link/address.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "models/error.hpp"

namespace crucible::link {

namespace {

[[noreturn]] void refuse(std::string_view text, const std::string& reason) {
  throw Error(ErrorKind::kUsage, fmt::format("device address '{}': {}", text, reason));
}

std::optional<uint32_t> to_number(std::string_view digits) {
  uint32_t value = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value);
  if (error != std::errc() || stop != end || digits.empty()) return std::nullopt;
  return value;
}

void parse_uart(std::string_view rest, Address& address) {
  const size_t query = rest.find('?');
  address.path = rest.substr(0, query);
  if (address.path.empty())
    refuse(address.text, "no device file; write uart:/dev/ttyUSB1?baud=3000000");
  if (query == std::string_view::npos) return;
  const std::string_view option = rest.substr(query + 1);
  if (!option.starts_with("baud=")) {
    refuse(address.text,
           fmt::format("unknown option '{}'; write uart:{}?baud=3000000", option, address.path));
  }
  const auto baud = to_number(option.substr(5));
  if (!baud || *baud < 50 || *baud > 50'000'000) {
    refuse(address.text,
           fmt::format(
               "baud rate '{}' is not a number from 50 to 50000000; write uart:{}?baud=3000000",
               option.substr(5), address.path));
  }
  address.baud = *baud;
}

void parse_tcp(std::string_view rest, Address& address) {
  const size_t colon = rest.rfind(':');
  const bool in_brackets =
      colon != std::string_view::npos && rest.find(']', colon) != std::string_view::npos;
  if (colon == std::string_view::npos || in_brackets) {
    refuse(address.text,
           fmt::format("no port; write tcp:{}:5555", rest.empty() ? "127.0.0.1" : rest));
  }
  std::string_view host = rest.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']'))
    host = host.substr(1, host.size() - 2);
  else if (host.find(':') != std::string_view::npos) {
    refuse(address.text, "more than one colon; write an IPv6 address in brackets, tcp:[::1]:5555");
  }
  if (host.empty()) refuse(address.text, "no host; write tcp:127.0.0.1:5555");
  const auto port = to_number(rest.substr(colon + 1));
  if (!port || *port < 1 || *port > 65535) {
    refuse(address.text, fmt::format("port '{}' is not a number from 1 to 65535; write tcp:{}:5555",
                                     rest.substr(colon + 1), host));
  }
  address.host = host;
  address.port = static_cast<uint16_t>(*port);
}

/// As sysfs names them: four or more hexadecimal digits, two, two, one, in lower case.
bool is_pci_function(std::string_view name) {
  constexpr std::string_view kForm = "dddd:dd:dd.d", kDigits = "0123456789abcdef";
  if (name.size() < kForm.size()) return false;
  const size_t more = name.size() - kForm.size();  // of the domain
  for (size_t i = 0; i < name.size(); ++i) {
    const char form = i < more ? 'd' : kForm[i - more];
    if (form == 'd' ? kDigits.find(name[i]) == std::string_view::npos : name[i] != form)
      return false;
  }
  return true;
}

}  // namespace

Address parse_address(std::string_view text) {
  Address address;
  address.text = text;
  const size_t colon = text.find(':');
  const std::string_view scheme = text.substr(0, colon);
  const std::string_view rest =
      colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
  if (scheme == "uart") {
    address.scheme = Scheme::kUart;
    parse_uart(rest, address);
  } else if (scheme == "tcp") {
    address.scheme = Scheme::kTcp;
    parse_tcp(rest, address);
  } else if (scheme == "unix") {
    address.scheme = Scheme::kUnix;
    address.path = rest;
    if (rest.empty()) refuse(text, "no path; write unix:/path/to/socket");
  } else if (scheme == "vfio-user") {
    address.scheme = Scheme::kVfioUser;
    address.path = rest;
    if (rest.empty()) refuse(text, "no path; write vfio-user:/path/to/socket");
  } else if (scheme == "pcie" || scheme == "vfio") {
    address.scheme = scheme == "pcie" ? Scheme::kPcie : Scheme::kVfio;
    address.path = rest;
    if (!is_pci_function(rest)) {
      refuse(text, fmt::format("'{}' is no PCI function; write {}:0000:03:00.0 (domain:bus:device."
                               "function), `lspci -D` lists them",
                               rest, scheme));
    }
  } else if (scheme == "xdma") {
    address.scheme = Scheme::kXdma;
    address.path = rest;
    if (rest.empty()) refuse(text, "no device; write xdma:/dev/xdma0");
  } else {
    refuse(
        text,
        fmt::format(
            "unknown scheme '{}'; write model, model:small, sim:rtl, sim:rtl:full, sim:tlm, tcp:HOST:PORT, "
            "unix:/PATH, uart:/dev/ttyUSB1?baud=3000000, pcie:0000:03:00.0, vfio:0000:03:00.0, "
            "xdma:/dev/xdma0 or vfio-user:/PATH",
            scheme));
  }
  return address;
}

}  // namespace crucible::link
