// Runs in the guest of `make test-pcie`: the host's own VFIO class against QEMU's `edu` device.
// Usage: edu_vfio 0000:01:00.0. The device's registers: docs/specs/edu.txt of QEMU.
#include <fmt/format.h>
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "host/link/pcie/dma_memory.hpp"
#include "host/link/pcie/kernel_vfio_device.hpp"
#include "models/error.hpp"

namespace {

using namespace crucible;

constexpr uint32_t kBar0 = VFIO_PCI_BAR0_REGION_INDEX;
constexpr uint64_t kIdentity = 0x00, kLiveness = 0x04, kFactorial = 0x08, kStatus = 0x20,
                   kInterruptStatus = 0x24, kInterruptAcknowledge = 0x64;
constexpr uint32_t kInterruptWhenDone = 0x80;
constexpr uint64_t kDmaSource = 0x80, kDmaTarget = 0x88, kDmaBytes = 0x90, kDmaCommand = 0x98;
constexpr uint32_t kDmaBuffer = 0x4'0000, kDmaStart = 1, kDmaToDevice = 0, kDmaToMemory = 2;

uint32_t read(link::IVfioDevice& device, uint64_t offset) {
  uint32_t word = 0;
  device.read(kBar0, offset, {reinterpret_cast<uint8_t*>(&word), sizeof(word)});
  return word;
}

void write(link::IVfioDevice& device, uint64_t offset, uint32_t word) {
  device.write(kBar0, offset, {reinterpret_cast<const uint8_t*>(&word), sizeof(word)});
}

void require(const char* what, uint64_t found, uint64_t expected) {
  fmt::print("{}: 0x{:x}\n", what, found);
  if (found != expected)
    throw Error(ErrorKind::kMismatch, fmt::format("{} is not 0x{:x}", what, expected));
}

/// Memory of this process into the device's buffer and back to another place, by its own DMA.
void transfer(link::IVfioDevice& device) {
  constexpr uint32_t kThere = 0x10'0000;  // as the device sees it: it has 28 bits of address
  constexpr uint32_t kHalf = 2048;
  link::DmaMemory memory(device, 2 * kHalf, kThere);
  for (uint32_t i = 0; i < kHalf; ++i) memory.bytes()[i] = static_cast<uint8_t>(i * 7 + i / 256);
  const auto copy = [&](uint32_t from, uint32_t to, uint32_t direction) {
    write(device, kDmaSource, from);
    write(device, kDmaTarget, to);
    write(device, kDmaBytes, kHalf);
    write(device, kDmaCommand, kDmaStart | direction);
    for (int i = 0; i < 100 && (read(device, kDmaCommand) & kDmaStart) != 0; ++i)
      ::poll(nullptr, 0, 100);
    require("transfer under way", read(device, kDmaCommand) & kDmaStart, 0);
  };
  copy(kThere, kDmaBuffer, kDmaToDevice);
  copy(kDmaBuffer, kThere + kHalf, kDmaToMemory);
  const auto sent = memory.bytes().first(kHalf), returned = memory.bytes().subspan(kHalf, kHalf);
  require("bytes that came back by DMA",
          std::equal(sent.begin(), sent.end(), returned.begin()) ? kHalf : 0, kHalf);
}

void run(const char* name) {
  const link::KernelRoots roots;
  link::KernelVfioDevice device(link::PciFunction(roots, name, std::string("vfio:") + name), roots);
  require("bytes of BAR0", device.region_size(kBar0), 1 << 20);
  std::array<uint8_t, 2> command{};
  device.read(VFIO_PCI_CONFIG_REGION_INDEX, PCI_COMMAND, command);
  command[0] |= PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER;
  device.write(VFIO_PCI_CONFIG_REGION_INDEX, PCI_COMMAND, command);
  require("identity", read(device, kIdentity), 0x010000ED);
  write(device, kLiveness, 0x12345678);
  require("inverted", read(device, kLiveness), 0xEDCBA987);

  const FileDescriptor event(::eventfd(0, EFD_CLOEXEC));
  require("has an MSI", device.signal_interrupts(event.get()) ? 1 : 0, 1);
  write(device, kStatus, kInterruptWhenDone);
  write(device, kFactorial, 10);
  pollfd source{event.get(), POLLIN, 0};
  require("interrupts that came", static_cast<uint64_t>(::poll(&source, 1, 10'000)), 1);
  require("factorial of 10", read(device, kFactorial), 3'628'800);
  write(device, kInterruptAcknowledge, read(device, kInterruptStatus));
  require("interrupt status", read(device, kInterruptStatus), 0);

  transfer(device);

  device.reset();  // of the bus; this device keeps its own registers
  device.write(VFIO_PCI_CONFIG_REGION_INDEX, PCI_COMMAND, command);
  require("identity after a reset", read(device, kIdentity), 0x010000ED);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc != 2) throw Error(ErrorKind::kUsage, "usage: edu_vfio 0000:01:00.0");
    run(argv[1]);
  } catch (const Error& error) {
    fmt::print("{}\n", error.what());
    return error.exit_code();
  }
  return 0;
}
