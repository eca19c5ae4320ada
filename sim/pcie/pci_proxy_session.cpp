#include "sim/pcie/pci_proxy_session.hpp"

#include <fmt/format.h>
#include <linux/pci_regs.h>

#include <array>
#include <cstring>

#include "host/link/pcie/i_card.hpp"
#include "models/error.hpp"

namespace crucible::sim {

namespace {

enum Command : int32_t {
  kSyncMemory = 0,
  kReturn = 1,
  kConfigWrite = 2,
  kConfigRead = 3,
  kBarWrite = 4,
  kBarRead = 5,
  kSetIrq = 6,
  kReset = 7,
};

struct ConfigAccess {
  uint32_t address, value;
  int32_t length;
};
static_assert(sizeof(ConfigAccess) == 12);

struct BarAccess {
  uint64_t address, value;
  uint32_t size;
  uint32_t memory;  ///< in its lowest byte
};
static_assert(sizeof(BarAccess) == 24);

void require(bool condition, const char* what) {
  if (!condition) {
    throw Error(ErrorKind::kDevice,
                fmt::format("--pci-proxy: {}; is this QEMU's x-pci-proxy-dev, 7.2?", what));
  }
}

template <typename Struct>
Struct whole(std::span<const uint8_t> body) {
  require(body.size() == sizeof(Struct), "a message has another size");
  Struct value;
  std::memcpy(&value, body.data(), sizeof(value));
  return value;
}

}  // namespace

std::optional<PciProxySession::Answer> PciProxySession::handle(const Header& header,
                                                               std::span<const uint8_t> body) {
  uint64_t value = 0;
  switch (header.command) {
    case kSyncMemory:
    case kSetIrq:
      return std::nullopt;
    case kConfigWrite:
    case kConfigRead:
      value = access_config(header.command == kConfigWrite, body);
      break;
    case kBarWrite:
    case kBarRead:
      value = access_bar(header.command == kBarWrite, body);
      break;
    case kReset:
      config_.reset();
      card_.reset();
      break;
    default:
      require(false, "an unknown command");
  }
  return Answer{{kReturn, 0, sizeof(value)}, value};
}

uint64_t PciProxySession::access_config(bool write, std::span<const uint8_t> body) {
  const auto access = whole<ConfigAccess>(body);
  std::array<uint8_t, sizeof(access.value)> bytes{};
  const auto size = static_cast<size_t>(access.length);
  require(access.length > 0 && size <= bytes.size(), "a configuration access has no legal size");
  // Extended configuration space: there is none.
  if (access.address > ConfigSpace::kBytes - size) return write ? 0 : uint32_t{~0u};
  if (write) {
    std::memcpy(bytes.data(), &access.value, bytes.size());
    config_.write(access.address, std::span(bytes).first(size));
    return 0;
  }
  config_.read(access.address, std::span(bytes).first(size));
  uint32_t value = 0;
  std::memcpy(&value, bytes.data(), bytes.size());
  return value;
}

uint32_t PciProxySession::base(size_t bar_register) const {
  uint32_t value = 0;
  config_.read(bar_register, {reinterpret_cast<uint8_t*>(&value), sizeof(value)});
  return value & static_cast<uint32_t>(PCI_BASE_ADDRESS_MEM_MASK);
}

uint64_t PciProxySession::access_bar(bool write, std::span<const uint8_t> body) {
  const auto access = whole<BarAccess>(body);
  std::array<uint8_t, sizeof(access.value)> bytes{};
  require(access.size > 0 && access.size <= bytes.size(), "a BAR access has no legal size");
  const auto part = std::span(bytes).first(access.size);
  const bool in_bar0 = access.address - base(PCI_BASE_ADDRESS_0) < link::kBar0Bytes;
  const uint64_t offset = access.address - base(in_bar0 ? PCI_BASE_ADDRESS_0 : PCI_BASE_ADDRESS_2);
  if (write) {
    std::memcpy(bytes.data(), &access.value, bytes.size());
    card_.write(in_bar0 ? 0 : 2, offset, part);
    return 0;
  }
  card_.read(in_bar0 ? 0 : 2, offset, part);
  uint64_t value = 0;
  std::memcpy(&value, bytes.data(), bytes.size());
  return value;
}

}  // namespace crucible::sim
