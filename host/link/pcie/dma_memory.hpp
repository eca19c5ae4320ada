// Memory of this process that a device behind VFIO may read and write by itself.
#pragma once

#include <cstdint>
#include <span>

#include "host/base/file_descriptor.hpp"
#include "host/link/pcie/i_vfio_device.hpp"

namespace crucible::link {

/// Mapped for as long as it lives; the device must outlive it, and be quiet when it ends.
class DmaMemory {
 public:
  /// Zeros: `size` bytes, rounded up to whole pages, which the device sees at `address`, a multiple
  /// of a page. Throws crucible::Error(kDevice) where there is no memory, or the device or its
  /// IOMMU refuses: something is mapped there, or the address is beyond what the IOMMU knows.
  DmaMemory(IVfioDevice& device, size_t size, uint64_t address);
  ~DmaMemory();
  DmaMemory(const DmaMemory&) = delete;
  DmaMemory& operator=(const DmaMemory&) = delete;

  [[nodiscard]] std::span<uint8_t> bytes() { return memory_; }
  /// As the device sees it.
  [[nodiscard]] uint64_t address() const { return address_; }

 private:
  IVfioDevice& device_;
  const uint64_t address_;
  FileDescriptor file_;
  std::span<uint8_t> memory_;
};

}  // namespace crucible::link
