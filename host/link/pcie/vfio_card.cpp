#include "host/link/pcie/vfio_card.hpp"

#include <fmt/format.h>
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <poll.h>
#include <sys/eventfd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "host/base/deadline.hpp"
#include "models/error.hpp"

namespace crucible::link {

namespace {

std::span<uint8_t> bytes_of(std::span<uint32_t> words) {
  return {reinterpret_cast<uint8_t*>(words.data()), words.size_bytes()};
}

std::span<const uint8_t> bytes_of(std::span<const uint32_t> words) {
  return {reinterpret_cast<const uint8_t*>(words.data()), words.size_bytes()};
}

}  // namespace

VfioCard::VfioCard(std::unique_ptr<IVfioDevice> device, std::string address)
    : device_(std::move(device)),
      address_(std::move(address)),
      interrupt_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!interrupt_)
    throw Error(ErrorKind::kDevice,
                fmt::format("{}: no eventfd: {}", address_, std::strerror(errno)));
  for (const auto& [region, name, size] :
       {std::tuple{uint32_t{VFIO_PCI_BAR0_REGION_INDEX}, "BAR0", kBar0Bytes},
        {uint32_t{VFIO_PCI_BAR2_REGION_INDEX}, "BAR2", kBar2Bytes}}) {
    if (const uint64_t found = device_->region_size(region); found < size) {
      throw Error(ErrorKind::kDevice, fmt::format("{}: {} has {} bytes, a Crucible card's has {}; "
                                                  "is this the right device?",
                                                  address_, name, found, size));
    }
  }
  std::array<uint8_t, 2> command{};
  device_->read(VFIO_PCI_CONFIG_REGION_INDEX, PCI_COMMAND, command);
  command[0] |= PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER;  // an MSI is a write by the device
  device_->write(VFIO_PCI_CONFIG_REGION_INDEX, PCI_COMMAND, command);
  has_interrupt_ = device_->signal_interrupts(interrupt_.get());
}

uint32_t VfioCard::read(uint32_t offset) {
  uint32_t word = 0;
  device_->read(VFIO_PCI_BAR0_REGION_INDEX, offset, bytes_of(std::span(&word, 1)));
  return word;
}

void VfioCard::write(uint32_t offset, uint32_t word) {
  device_->write(VFIO_PCI_BAR0_REGION_INDEX, offset, bytes_of(std::span<const uint32_t>(&word, 1)));
}

void VfioCard::read_block(uint32_t offset, std::span<uint32_t> words) {
  device_->read(VFIO_PCI_BAR2_REGION_INDEX, offset, bytes_of(words));
}

void VfioCard::write_block(uint32_t offset, std::span<const uint32_t> words) {
  device_->write(VFIO_PCI_BAR2_REGION_INDEX, offset, bytes_of(words));
}

void VfioCard::wait_interrupt(Clock::time_point deadline) {
  std::array<pollfd, 2> sources{{{interrupt_.get(), POLLIN, 0}, {device_->watch(), POLLIN, 0}}};
  const auto look = [&](int ms) { return ::poll(sources.data(), sources.size(), ms) > 0; };
  while (remaining_ms(deadline) > 0) {
    if (!eager_([&] { return look(0); }, deadline) && !look(remaining_ms(deadline))) continue;
    uint64_t count = 0;
    if (::read(interrupt_.get(), &count, sizeof(count)) == sizeof(count)) return;
    std::array<uint8_t, 2> vendor{};  // throws when the device is gone
    device_->read(VFIO_PCI_CONFIG_REGION_INDEX, PCI_VENDOR_ID, vendor);
  }
}

}  // namespace crucible::link
