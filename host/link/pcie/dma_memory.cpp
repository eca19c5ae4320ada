#include "host/link/pcie/dma_memory.hpp"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "models/error.hpp"

namespace crucible::link {

DmaMemory::DmaMemory(IVfioDevice& device, size_t size, uint64_t address)
    : device_(device), address_(address), file_(::memfd_create("crucible-dma", MFD_CLOEXEC)) {
  const auto page = static_cast<size_t>(::sysconf(_SC_PAGESIZE));
  size = (size + page - 1) / page * page;
  void* at = MAP_FAILED;
  if (file_ && ::ftruncate(file_.get(), static_cast<off_t>(size)) == 0)
    at = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file_.get(), 0);
  if (at == MAP_FAILED) {
    throw Error(ErrorKind::kDevice,
                fmt::format("{} bytes of memory for a device: {}", size, std::strerror(errno)));
  }
  memory_ = {static_cast<uint8_t*>(at), size};
  try {
    device_.map_dma(memory_, file_.get(), address_);
  } catch (...) {
    ::munmap(memory_.data(), memory_.size());
    throw;
  }
}

DmaMemory::~DmaMemory() {
  try {
    device_.unmap_dma(address_, memory_.size());
  } catch (const Error&) {
    // The device is gone, and its mappings with it.
  }
  ::munmap(memory_.data(), memory_.size());
}

}  // namespace crucible::link
