#include "sim/pcie/vfio_user_session.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "host/link/pcie/i_card.hpp"

namespace crucible::sim {

namespace vfio_user = link::vfio_user;
using vfio_user::Command;
using vfio_user::Header;

namespace {

constexpr size_t kMaxMessage =
    sizeof(Header) + sizeof(vfio_user::RegionAccess) + vfio_user::kDefaultMaxTransfer;
constexpr uint32_t kMaxDescriptors = 8;
constexpr size_t kMaxDmaRegions = 65'535;  // the protocol's default

using Bytes = VfioUserSession::Bytes;

/// A command that is not carried out.
struct Refusal {
  int error;  ///< errno
};

void require(bool condition, int error = EINVAL) {
  if (!condition) throw Refusal{error};
}

template <typename Struct>
Bytes bytes_of(const Struct& value) {
  Bytes bytes(sizeof(Struct));
  std::memcpy(bytes.data(), &value, sizeof(Struct));
  return bytes;
}

/// The struct that a payload begins with.
template <typename Struct>
Struct first_of(std::span<const uint8_t> payload) {
  require(payload.size() >= sizeof(Struct));
  Struct value{};
  std::memcpy(&value, payload.data(), sizeof(Struct));
  return value;
}

uint64_t region_bytes(uint32_t region) {
  switch (region) {
    case VFIO_PCI_BAR0_REGION_INDEX:
      return link::kBar0Bytes;
    case VFIO_PCI_BAR2_REGION_INDEX:
      return link::kBar2Bytes;
    case VFIO_PCI_CONFIG_REGION_INDEX:
      return ConfigSpace::kBytes;
    default:
      return 0;
  }
}

uint32_t irq_count(uint32_t index) { return index == VFIO_PCI_MSI_IRQ_INDEX ? 1 : 0; }

vfio_user::RegionAccess access_of(std::span<const uint8_t> payload) {
  const auto access = first_of<vfio_user::RegionAccess>(payload);
  const uint64_t size = region_bytes(access.region);
  require(access.count <= vfio_user::kDefaultMaxTransfer && access.offset <= size &&
          access.count <= size - access.offset);
  return access;
}

}  // namespace

VfioUserSession::VfioUserSession(ICardModel& card) : card_(card) {
  card_.on_interrupt([this](bool level) {
    if (level) signal();
  });
}

VfioUserSession::~VfioUserSession() { card_.on_interrupt({}); }

void VfioUserSession::signal() const {
  const uint64_t one = 1;
  // A counter that is full wakes its reader as well.
  if (msi_) static_cast<void>(!::write(msi_.get(), &one, sizeof(one)));
}

size_t VfioUserSession::message_size(std::span<const uint8_t> begin) {
  if (begin.size() < sizeof(Header)) return 0;
  Header header;
  std::memcpy(&header, begin.data(), sizeof(header));
  const bool command = (header.flags & vfio_user::kTypeMask) == 0;
  hopeless_ |= header.size < sizeof(Header) || header.size > kMaxMessage || !command;
  return hopeless_ ? 0 : header.size;
}

Bytes VfioUserSession::handle(std::span<const uint8_t> message, Descriptors& descriptors) {
  Header header;
  std::memcpy(&header, message.data(), sizeof(header));
  Bytes payload;
  Header reply{header.id, header.command, 0, vfio_user::kTypeReply, 0};
  try {
    payload = execute(header.command, message.subspan(sizeof(Header)), descriptors);
  } catch (const Refusal& refusal) {
    reply.flags |= vfio_user::kError;
    reply.error = static_cast<uint32_t>(refusal.error);
  }
  hopeless_ |= !negotiated_;
  if ((header.flags & vfio_user::kNoReply) != 0) return {};
  reply.size = static_cast<uint32_t>(sizeof(reply) + payload.size());
  Bytes bytes = bytes_of(reply);
  bytes.insert(bytes.end(), payload.begin(), payload.end());
  return bytes;
}

Bytes VfioUserSession::execute(Command command, Payload payload, Descriptors& descriptors) {
  require(negotiated_ != (command == Command::kVersion));
  switch (command) {
    case Command::kVersion:
      return negotiate(payload);
    case Command::kDmaMap:
      map(payload, descriptors);
      return {};
    case Command::kDmaUnmap:
      return unmap(payload);
    case Command::kDeviceGetInfo:
      return device_info(payload);
    case Command::kDeviceGetRegionInfo:
      return region_info(payload);
    case Command::kDeviceGetIrqInfo:
      return irq_info(payload);
    case Command::kDeviceSetIrqs:
      set_irqs(payload, descriptors);
      return {};
    case Command::kRegionRead:
      return read_region(payload);
    case Command::kRegionWrite:
      return write_region(payload);
    case Command::kDeviceReset:
      config_.reset();
      card_.reset();
      return {};
  }
  throw Refusal{ENOTSUP};
}

Bytes VfioUserSession::negotiate(Payload payload) {
  auto version = first_of<vfio_user::Version>(payload);
  require(version.major == vfio_user::kMajor);
  version.minor = std::min(version.minor, vfio_user::kMinor);
  nlohmann::json agreed = nlohmann::json::object();
  if (const Payload text = payload.subspan(sizeof(version)); !text.empty()) {
    require(text.back() == 0);
    const auto proposed =
        nlohmann::json::parse(text.begin(), text.end() - 1, nullptr, /*allow_exceptions=*/false);
    require(proposed.is_object());
    const auto named = proposed.value("capabilities", nlohmann::json::object());
    require(named.is_object());
    for (const auto& [key, ours] : {std::pair{vfio_user::kMaxDescriptors, kMaxDescriptors},
                                    {vfio_user::kMaxTransfer, vfio_user::kDefaultMaxTransfer}}) {
      if (named.contains(key)) agreed[key] = ours;
    }
  }
  negotiated_ = true;
  Bytes reply = bytes_of(version);
  const std::string text = nlohmann::json{{"capabilities", agreed}}.dump();
  reply.insert(reply.end(), text.begin(), text.end());
  reply.push_back(0);
  return reply;
}

Bytes VfioUserSession::device_info(Payload payload) const {
  auto info = first_of<vfio_user::DeviceInfo>(payload);
  require(info.argsz >= sizeof(info));
  info = {sizeof(info), VFIO_DEVICE_FLAGS_PCI | VFIO_DEVICE_FLAGS_RESET, VFIO_PCI_NUM_REGIONS,
          VFIO_PCI_NUM_IRQS};
  return bytes_of(info);
}

Bytes VfioUserSession::region_info(Payload payload) const {
  auto info = first_of<vfio_region_info>(payload);
  require(info.argsz >= sizeof(info) && info.index < VFIO_PCI_NUM_REGIONS);
  info.argsz = sizeof(info);
  info.size = region_bytes(info.index);
  info.flags = info.size > 0 ? VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE : 0;
  info.cap_offset = 0;
  info.offset = 0;
  return bytes_of(info);
}

Bytes VfioUserSession::irq_info(Payload payload) const {
  auto info = first_of<vfio_irq_info>(payload);
  require(info.argsz >= sizeof(info) && info.index < VFIO_PCI_NUM_IRQS);
  info.argsz = sizeof(info);
  info.count = irq_count(info.index);
  info.flags = info.count > 0 ? VFIO_IRQ_INFO_EVENTFD | VFIO_IRQ_INFO_NORESIZE : 0;
  return bytes_of(info);
}

void VfioUserSession::set_irqs(Payload payload, Descriptors& descriptors) {
  Descriptors given = std::move(descriptors);
  descriptors.clear();
  const auto set = first_of<vfio_irq_set>(payload);
  const Payload data = payload.subspan(sizeof(set));
  const uint32_t count = irq_count(set.index);
  require(set.start <= count && set.count <= count - set.start);
  require((set.flags & VFIO_IRQ_SET_ACTION_TYPE_MASK) == VFIO_IRQ_SET_ACTION_TRIGGER);
  switch (set.flags & VFIO_IRQ_SET_DATA_TYPE_MASK) {
    case VFIO_IRQ_SET_DATA_NONE:
      if (set.count == 1)
        signal();
      else if (set.index == VFIO_PCI_MSI_IRQ_INDEX)
        msi_ = FileDescriptor();
      return;
    case VFIO_IRQ_SET_DATA_BOOL:
      require(set.count == 1 && data.size() == 1);
      if (data[0] != 0) signal();
      return;
    case VFIO_IRQ_SET_DATA_EVENTFD:
      require(set.count == 1 && given.size() <= 1);
      msi_ = given.empty() ? FileDescriptor() : std::move(given.front());
      return;
    default:
      throw Refusal{EINVAL};
  }
}

void VfioUserSession::map(Payload payload, Descriptors& descriptors) {
  descriptors.clear();
  const auto region = first_of<vfio_user::DmaMap>(payload);
  require(region.argsz >= sizeof(region) && region.size > 0 &&
          region.address + (region.size - 1) >= region.address);
  const auto above = regions_.upper_bound(region.address);
  const bool free_above = above == regions_.end() || above->first - region.address >= region.size;
  const bool free_below = above == regions_.begin() ||
                          region.address - std::prev(above)->first >= std::prev(above)->second;
  require(free_above && free_below, EEXIST);
  require(regions_.size() < kMaxDmaRegions, ENOSPC);
  regions_.emplace(region.address, region.size);
}

Bytes VfioUserSession::unmap(Payload payload) {
  const auto region = first_of<vfio_user::DmaUnmap>(payload);
  require(region.argsz >= sizeof(region) && region.flags == 0);
  const auto found = regions_.find(region.address);
  require(found != regions_.end() && found->second == region.size, ENOENT);
  regions_.erase(found);
  return bytes_of(region);
}

Bytes VfioUserSession::read_region(Payload payload) {
  const vfio_user::RegionAccess access = access_of(payload);
  Bytes reply = bytes_of(access);
  reply.resize(sizeof(access) + access.count);
  const auto data = std::span(reply).subspan(sizeof(access));
  if (access.region == VFIO_PCI_CONFIG_REGION_INDEX)
    config_.read(access.offset, data);
  else
    card_.read(static_cast<int>(access.region), access.offset, data);
  return reply;
}

Bytes VfioUserSession::write_region(Payload payload) {
  const vfio_user::RegionAccess access = access_of(payload);
  const Payload data = payload.subspan(sizeof(access));
  require(data.size() == access.count);
  if (access.region == VFIO_PCI_CONFIG_REGION_INDEX)
    config_.write(access.offset, data);
  else
    card_.write(static_cast<int>(access.region), access.offset, data);
  return bytes_of(access);
}

}  // namespace crucible::sim
