// A PCI function through VFIO: the kernel's, or a vfio-user server's.
#pragma once

#include <cstdint>
#include <span>

namespace crucible::link {

/// Regions by their VFIO_PCI_*_REGION_INDEX. Memory is accessed by aligned 32-bit words. Throws
/// crucible::Error: kDevice when the device refuses or is gone, kTimeout when it does not answer.
class IVfioDevice {
 public:
  virtual ~IVfioDevice() = default;
  /// Bytes; 0 where the device has no such region.
  [[nodiscard]] virtual uint64_t region_size(uint32_t region) = 0;
  virtual void read(uint32_t region, uint64_t offset, std::span<uint8_t> bytes) = 0;
  /// Posted: has arrived when a later read returns.
  virtual void write(uint32_t region, uint64_t offset, std::span<const uint8_t> bytes) = 0;
  /// Lets the device count its message-signalled interrupt up in an eventfd. Returns false where it
  /// has none.
  [[nodiscard]] virtual bool signal_interrupts(int event_fd) = 0;
  /// A descriptor that becomes readable when the device is gone; -1 where there is none.
  [[nodiscard]] virtual int watch() const = 0;
  virtual void reset() = 0;
  /// Lets the device read and write `memory`, whole pages, at `address` as it sees it; `file` is
  /// the shared memory behind it, from its first byte. See DmaMemory.
  virtual void map_dma(std::span<uint8_t> memory, int file, uint64_t address) = 0;
  /// Takes back all of what was mapped there.
  virtual void unmap_dma(uint64_t address, uint64_t size) = 0;
};

}  // namespace crucible::link
