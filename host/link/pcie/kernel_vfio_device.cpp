#include "host/link/pcie/kernel_vfio_device.hpp"

#include <fmt/format.h>
#include <linux/vfio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace crucible::link {

namespace {

constexpr const char* kDriver = "vfio-pci";

bool is_memory(uint32_t region) {
  return region >= VFIO_PCI_BAR0_REGION_INDEX && region <= VFIO_PCI_BAR5_REGION_INDEX;
}

}  // namespace

KernelVfioDevice::KernelVfioDevice(PciFunction function, const KernelRoots& roots)
    : function_(std::move(function)) {
  if (function_.iommu_group().empty()) {
    function_.fail(
        "it is in no IOMMU group; switch the IOMMU on in the firmware's setup (VT-d, "
        "AMD-Vi) and, with Intel, start the kernel with intel_iommu=on; or write "
        "pcie:" +
        function_.name());
  }
  if (const std::string driver = function_.driver(); driver != kDriver) {
    function_.fail(
        fmt::format("it is bound to {}, not to {}; as root: modprobe {}; echo {} > "
                    "{}/driver_override; {}echo {} "
                    "> {}",
                    driver.empty() ? "no driver" : fmt::format("'{}'", driver), kDriver, kDriver,
                    kDriver, function_.folder().string(),
                    driver.empty() ? ""
                                   : fmt::format("echo {} > {}/driver/unbind; ", function_.name(),
                                                 function_.folder().string()),
                    function_.name(), (roots.sys / "bus/pci/drivers_probe").string()));
  }
  open_group(roots);
}

int KernelVfioDevice::control(const FileDescriptor& file, unsigned long request, void* argument,
                              const char* what, const char* remedy) const {
  const int result = ::ioctl(file.get(), request, argument);
  if (result < 0) function_.fail(fmt::format("VFIO: {}: {}{}", what, std::strerror(errno), remedy));
  return result;
}

void KernelVfioDevice::open_group(const KernelRoots& roots) {
  const auto folder = roots.dev / "vfio";
  const std::string number = function_.iommu_group();
  container_ = function_.open(folder / "vfio", "as root: modprobe vfio-pci");
  group_ = function_.open(folder / number,
                          fmt::format("give yourself read and write access to {} (chown, or a udev "
                                      "rule), and end other programs that use it",
                                      (folder / number).string()));
  if (control(container_, VFIO_GET_API_VERSION, nullptr, "version",
              "; this is no VFIO container") != VFIO_API_VERSION)
    function_.fail("the kernel's VFIO has another API version");
  vfio_group_status status{sizeof(status), 0};
  control(group_, VFIO_GROUP_GET_STATUS, &status, "status of the group", "");
  if ((status.flags & VFIO_GROUP_FLAGS_VIABLE) == 0) {
    function_.fail(
        fmt::format("other functions of IOMMU group {} are bound to kernel drivers; bind "
                    "all of {}/iommu_group/devices to {}",
                    number, function_.folder().string(), kDriver));
  }
  int container = container_.get();
  control(group_, VFIO_GROUP_SET_CONTAINER, &container, "container of the group", "");
  // An integer argument, passed as a pointer's value.
  control(container_, VFIO_SET_IOMMU, reinterpret_cast<void*>(VFIO_TYPE1_IOMMU), "IOMMU type 1",
          "; is vfio_iommu_type1 loaded?");
  std::string name = function_.name();
  device_ = FileDescriptor(control(group_, VFIO_GROUP_GET_DEVICE_FD, name.data(), "device", ""));
}

const KernelVfioDevice::Region& KernelVfioDevice::region(uint32_t index) {
  const auto [found, fresh] = regions_.try_emplace(index);
  Region& region = found->second;
  if (!fresh) return region;
  vfio_region_info info{};
  info.argsz = sizeof(info);
  info.index = index;
  control(device_, VFIO_DEVICE_GET_REGION_INFO, &info, "region", "");
  region.size = info.size;
  region.offset = info.offset;
  if (info.size > 0 && (info.flags & VFIO_REGION_INFO_FLAG_MMAP) != 0 && is_memory(index)) {
    region.memory =
        std::make_unique<MappedWords>(device_.get(), info.offset, info.size,
                                      fmt::format("{}: BAR{}", function_.describe(), index));
  }
  return region;
}

uint64_t KernelVfioDevice::region_size(uint32_t index) { return region(index).size; }

void KernelVfioDevice::read(uint32_t index, uint64_t offset, std::span<uint8_t> bytes) {
  const Region& from = region(index);
  if (from.memory) {
    return from.memory->read(
        offset, {reinterpret_cast<uint32_t*>(bytes.data()), bytes.size() / sizeof(uint32_t)});
  }
  const size_t piece = is_memory(index) ? sizeof(uint32_t) : bytes.size();
  for (size_t done = 0; done < bytes.size(); done += piece) {
    if (::pread(device_.get(), bytes.data() + done, piece,
                static_cast<off_t>(from.offset + offset + done)) != static_cast<ssize_t>(piece)) {
      function_.fail(fmt::format("cannot read region {} + 0x{:x}: {}; is the card still there?",
                                 index, offset + done, std::strerror(errno)));
    }
  }
}

void KernelVfioDevice::write(uint32_t index, uint64_t offset, std::span<const uint8_t> bytes) {
  const Region& to = region(index);
  if (to.memory) {
    return to.memory->write(
        offset, {reinterpret_cast<const uint32_t*>(bytes.data()), bytes.size() / sizeof(uint32_t)});
  }
  const size_t piece = is_memory(index) ? sizeof(uint32_t) : bytes.size();
  for (size_t done = 0; done < bytes.size(); done += piece) {
    if (::pwrite(device_.get(), bytes.data() + done, piece,
                 static_cast<off_t>(to.offset + offset + done)) != static_cast<ssize_t>(piece)) {
      function_.fail(fmt::format("cannot write region {} + 0x{:x}: {}; is the card still there?",
                                 index, offset + done, std::strerror(errno)));
    }
  }
}

bool KernelVfioDevice::signal_interrupts(int event_fd) {
  vfio_irq_info info{};
  info.argsz = sizeof(info);
  info.index = VFIO_PCI_MSI_IRQ_INDEX;
  control(device_, VFIO_DEVICE_GET_IRQ_INFO, &info, "interrupts", "");
  if (info.count == 0) return false;
  alignas(vfio_irq_set) std::array<uint8_t, sizeof(vfio_irq_set) + sizeof(int)> message{};
  vfio_irq_set set{};
  set.argsz = message.size();
  set.flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER;
  set.index = VFIO_PCI_MSI_IRQ_INDEX;
  set.count = 1;
  std::memcpy(message.data(), &set, sizeof(set));
  std::memcpy(message.data() + sizeof(set), &event_fd, sizeof(event_fd));
  control(device_, VFIO_DEVICE_SET_IRQS, message.data(), "interrupt of the device", "");
  return true;
}

void KernelVfioDevice::reset() {
  control(device_, VFIO_DEVICE_RESET, nullptr, "reset", "; the function may have none");
}

void KernelVfioDevice::map_dma(std::span<uint8_t> memory, int /*file*/, uint64_t address) {
  vfio_iommu_type1_dma_map map{};
  map.argsz = sizeof(map);
  map.flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE;
  map.vaddr = reinterpret_cast<uintptr_t>(memory.data());
  map.iova = address;
  map.size = memory.size();
  const std::string what = fmt::format("{} bytes at 0x{:x} for DMA", memory.size(), address);
  control(container_, VFIO_IOMMU_MAP_DMA, &map, what.c_str(),
          "; addresses are whole pages, mapped once, in the IOMMU's reach; `ulimit -l` limits what "
          "may be locked in memory");
}

void KernelVfioDevice::unmap_dma(uint64_t address, uint64_t size) {
  vfio_iommu_type1_dma_unmap unmap{};
  unmap.argsz = sizeof(unmap);
  unmap.iova = address;
  unmap.size = size;
  const std::string what = fmt::format("the end of DMA at 0x{:x}", address);
  control(container_, VFIO_IOMMU_UNMAP_DMA, &unmap, what.c_str(), "");
  if (unmap.size != size)
    function_.fail(fmt::format("VFIO: {}: {} bytes were mapped there, not {}", what,
                               uint64_t{unmap.size}, size));
}

}  // namespace crucible::link
