// Messages of the vfio-user protocol, version 0.1: what client and server put on a Unix socket.
// Payloads that <linux/vfio.h> defines are its structs; all numbers are little-endian.
#pragma once

#include <linux/vfio.h>

#include <cstdint>

namespace crucible::link::vfio_user {

inline constexpr uint16_t kMajor = 0;
inline constexpr uint16_t kMinor = 1;

enum class Command : uint16_t {
  kVersion = 1,
  kDmaMap = 2,
  kDmaUnmap = 3,
  kDeviceGetInfo = 4,
  kDeviceGetRegionInfo = 5,
  kDeviceGetIrqInfo = 7,
  kDeviceSetIrqs = 8,
  kRegionRead = 9,
  kRegionWrite = 10,
  kDeviceReset = 13,
};

struct Header {
  uint16_t id = 0;  ///< of the sender's choice; a reply repeats it
  Command command = Command::kVersion;
  uint32_t size = 0;  ///< bytes, with this header
  uint32_t flags = 0;
  uint32_t error = 0;  ///< errno of a reply with kError
};
static_assert(sizeof(Header) == 16);

inline constexpr uint32_t kTypeMask = 0xF;
inline constexpr uint32_t kTypeReply = 0x1;
inline constexpr uint32_t kNoReply = 0x10;
inline constexpr uint32_t kError = 0x20;

/// Followed by a JSON object with a terminating zero, or by nothing.
struct Version {
  uint16_t major = kMajor;
  uint16_t minor = kMinor;
};
static_assert(sizeof(Version) == 4);

struct DeviceInfo {
  uint32_t argsz = 0, flags = 0, num_regions = 0, num_irqs = 0;
};
static_assert(sizeof(DeviceInfo) == 16);

/// Of a read, its reply (with the data), a write (with the data), and its reply.
struct RegionAccess {
  uint64_t offset = 0;
  uint32_t region = 0;
  uint32_t count = 0;  ///< bytes
};
static_assert(sizeof(RegionAccess) == 16);

/// Flags of DmaMap: what the device may do.
inline constexpr uint32_t kDmaRead = 1, kDmaWrite = 2;

struct DmaMap {
  uint32_t argsz = 0, flags = 0;
  uint64_t offset = 0, address = 0, size = 0;
};
static_assert(sizeof(DmaMap) == 32);

struct DmaUnmap {
  uint32_t argsz = 0, flags = 0;
  uint64_t address = 0, size = 0;
};
static_assert(sizeof(DmaUnmap) == 24);

/// Capabilities, with what they are where a side does not name them.
inline constexpr const char* kMaxDescriptors = "max_msg_fds";
inline constexpr uint32_t kDefaultMaxDescriptors = 1;
inline constexpr const char* kMaxTransfer = "max_data_xfer_size";
inline constexpr uint32_t kDefaultMaxTransfer = 1 << 20;  ///< bytes of one region access

}  // namespace crucible::link::vfio_user
