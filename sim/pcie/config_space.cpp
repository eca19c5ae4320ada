#include "sim/pcie/config_space.hpp"

#include <linux/pci_regs.h>

#include <algorithm>
#include <cstring>

#include "host/link/pcie/i_card.hpp"

namespace crucible::sim {

namespace {

constexpr size_t kMsi = 0x40;
constexpr uint16_t kProcessingAccelerator = 0x1200;  ///< base class 12h, sub-class 00h

}  // namespace

template <typename Word>
void ConfigSpace::set(size_t offset, Word value, Word writable) {
  std::memcpy(initial_.data() + offset, &value, sizeof(Word));
  std::memcpy(writable_.data() + offset, &writable, sizeof(Word));
}

ConfigSpace::ConfigSpace() {
  set<uint16_t>(PCI_VENDOR_ID, kVendor);
  set<uint16_t>(PCI_DEVICE_ID, kDevice);
  set<uint16_t>(PCI_COMMAND, 0, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER | PCI_COMMAND_INTX_DISABLE);
  set<uint16_t>(PCI_STATUS, PCI_STATUS_CAP_LIST);
  set<uint16_t>(PCI_CLASS_DEVICE, kProcessingAccelerator);
  set<uint32_t>(PCI_BASE_ADDRESS_0, 0, ~(link::kBar0Bytes - 1));
  set<uint32_t>(PCI_BASE_ADDRESS_2, 0, ~(link::kBar2Bytes - 1));
  set<uint16_t>(PCI_SUBSYSTEM_VENDOR_ID, kVendor);
  set<uint16_t>(PCI_SUBSYSTEM_ID, kDevice);
  set<uint8_t>(PCI_CAPABILITY_LIST, kMsi);
  set<uint8_t>(PCI_INTERRUPT_LINE, 0, 0xFF);
  set<uint8_t>(kMsi, PCI_CAP_ID_MSI);
  set<uint16_t>(kMsi + PCI_MSI_FLAGS, PCI_MSI_FLAGS_64BIT, PCI_MSI_FLAGS_ENABLE);
  set<uint32_t>(kMsi + PCI_MSI_ADDRESS_LO, 0, ~uint32_t{3});
  set<uint32_t>(kMsi + PCI_MSI_ADDRESS_HI, 0, ~uint32_t{0});
  set<uint16_t>(kMsi + PCI_MSI_DATA_64, 0, 0xFFFF);
  reset();
}

void ConfigSpace::reset() { bytes_ = initial_; }

void ConfigSpace::read(size_t offset, std::span<uint8_t> bytes) const {
  std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(offset), bytes.size(), bytes.begin());
}

void ConfigSpace::write(size_t offset, std::span<const uint8_t> bytes) {
  for (const uint8_t byte : bytes) {
    const unsigned mask = writable_[offset];
    bytes_[offset] = static_cast<uint8_t>((bytes_[offset] & ~mask) | (byte & mask));
    ++offset;
  }
}

}  // namespace crucible::sim
