#include "host/link/pcie/pci_function.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "models/error.hpp"

namespace crucible::link {

namespace fs = std::filesystem;

PciFunction::PciFunction(const KernelRoots& roots, std::string name, std::string address)
    : name_(std::move(name)),
      folder_(roots.sys / "bus/pci/devices" / name_),
      described_(std::move(address)) {
  std::error_code ignored;
  if (!fs::exists(folder_, ignored)) {
    fail(
        fmt::format("there is no PCI function {} ({} is missing); `lspci -D` lists them, `echo 1 > "
                    "{}` looks for new ones",
                    name_, folder_.string(), (roots.sys / "bus/pci/rescan").string()));
  }
  const auto digits = [](const std::string& text) {
    return text.starts_with("0x") ? text.substr(2) : text;
  };
  described_ += fmt::format(" ({}:{}, class {})", digits(text_of("vendor")),
                            digits(text_of("device")), digits(text_of("class")));
}

void PciFunction::fail(const std::string& reason) const {
  throw Error(ErrorKind::kDevice, fmt::format("{}: {}", described_, reason));
}

std::string PciFunction::target_of(const char* link) const {
  std::error_code error;
  const fs::path target = fs::read_symlink(folder_ / link, error);
  return error ? "" : target.filename().string();
}

std::string PciFunction::text_of(const char* file) const {
  std::ifstream stream(folder_ / file);
  std::string text;
  stream >> text;
  return text;
}

void PciFunction::enable() const {
  if (text_of("enable") != "0") return;
  std::ofstream file(folder_ / "enable");
  file << "1" << std::flush;
  if (!file) {
    fail(fmt::format("cannot enable it: {}; run as root, or write 1 to {} as root before",
                     std::strerror(errno), (folder_ / "enable").string()));
  }
}

FileDescriptor PciFunction::open(const fs::path& file, const std::string& remedy) const {
  FileDescriptor opened(::open(file.c_str(), O_RDWR | O_SYNC | O_CLOEXEC));
  if (!opened)
    fail(fmt::format("cannot open {}: {}; {}", file.string(), std::strerror(errno), remedy));
  return opened;
}

}  // namespace crucible::link
