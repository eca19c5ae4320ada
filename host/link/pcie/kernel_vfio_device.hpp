// A PCI function through the kernel's VFIO: container, group, device.
#pragma once

#include <map>
#include <memory>

#include "host/base/file_descriptor.hpp"
#include "host/link/pcie/i_vfio_device.hpp"
#include "host/link/pcie/mapped_words.hpp"
#include "host/link/pcie/pci_function.hpp"

namespace crucible::link {

/// Memory regions are mapped; what the kernel does not map is accessed word by word through the
/// device's file.
class KernelVfioDevice final : public IVfioDevice {
 public:
  /// Throws crucible::Error(kDevice) that says what is missing: an IOMMU group, the driver
  /// vfio-pci, permission, the rest of the group.
  KernelVfioDevice(PciFunction function, const KernelRoots& roots);

  [[nodiscard]] uint64_t region_size(uint32_t region) override;
  void read(uint32_t region, uint64_t offset, std::span<uint8_t> bytes) override;
  void write(uint32_t region, uint64_t offset, std::span<const uint8_t> bytes) override;
  [[nodiscard]] bool signal_interrupts(int event_fd) override;
  [[nodiscard]] int watch() const override { return -1; }
  void reset() override;
  void map_dma(std::span<uint8_t> memory, int file, uint64_t address) override;
  void unmap_dma(uint64_t address, uint64_t size) override;

 private:
  struct Region {
    uint64_t size = 0, offset = 0;
    std::unique_ptr<MappedWords> memory;  ///< null where it is not mapped
  };
  void open_group(const KernelRoots& roots);
  [[nodiscard]] const Region& region(uint32_t index);
  /// Calls ioctl; throws with `what` and `remedy` when it fails.
  int control(const FileDescriptor& file, unsigned long request, void* argument, const char* what,
              const char* remedy) const;

  PciFunction function_;
  FileDescriptor container_, group_, device_;
  std::map<uint32_t, Region> regions_;
};

}  // namespace crucible::link
