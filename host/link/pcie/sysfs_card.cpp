#include "host/link/pcie/sysfs_card.hpp"

#include <fmt/format.h>

#include <thread>

namespace crucible::link {

namespace {

std::string remedy_of(const PciFunction& function) {
  const std::string driver = function.driver();
  if (driver == "vfio-pci")
    return fmt::format("it is bound to vfio-pci: write vfio:{}", function.name());
  if (driver == "xdma") return "it is bound to xdma: write xdma:/dev/xdma0";
  if (!driver.empty()) {
    return fmt::format("its driver '{}' may hold it: echo {} > {}/driver/unbind", driver,
                       function.name(), function.folder().string());
  }
  return "run as root, or give yourself the file; a kernel that is locked down (Secure Boot) maps "
         "no BARs";
}

MappedWords map(const PciFunction& function, int bar, uint64_t bytes) {
  const auto path = function.folder() / fmt::format("resource{}", bar);
  std::error_code error;
  const uint64_t found = std::filesystem::file_size(path, error);
  if (error || found < bytes) {
    function.fail(
        fmt::format("BAR{} has {} bytes, a Crucible card's has {}; is this the right "
                    "function?",
                    bar, error ? 0 : found, bytes));
  }
  const std::string remedy = remedy_of(function);
  const FileDescriptor file = function.open(path, remedy);
  return {file.get(), 0, bytes, fmt::format("{}: BAR{}", function.describe(), bar), "; " + remedy};
}

}  // namespace

SysfsCard::SysfsCard(PciFunction function)
    : function_(std::move(function)),
      bar0_(map(function_, 0, kBar0Bytes)),
      bar2_(map(function_, 2, kBar2Bytes)) {
  function_.enable();
}

void SysfsCard::wait_interrupt(Clock::time_point deadline) {
  std::this_thread::sleep_until(deadline);
}

}  // namespace crucible::link
