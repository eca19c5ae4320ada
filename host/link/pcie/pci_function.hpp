// What sysfs says about a PCI function, and errors that say what to do with it.
#pragma once

#include <filesystem>
#include <string>

#include "host/base/file_descriptor.hpp"

namespace crucible::link {

/// Where the kernel shows its devices; elsewhere in tests.
struct KernelRoots {
  std::filesystem::path sys = "/sys";
  std::filesystem::path dev = "/dev";
};

class PciFunction {
 public:
  /// `name`: domain:bus:device.function, as 0000:03:00.0. Throws crucible::Error(kDevice) when
  /// there is none.
  PciFunction(const KernelRoots& roots, std::string name, std::string address);

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  [[nodiscard]] const std::string& name() const { return name_; }
  /// The address, vendor, device and class: `pcie:0000:03:00.0 (1234:c1c1, class 120000)`.
  [[nodiscard]] const std::string& describe() const { return described_; }
  /// The driver it is bound to; empty: none.
  [[nodiscard]] std::string driver() const { return target_of("driver"); }
  /// Number of its IOMMU group; empty: none.
  [[nodiscard]] std::string iommu_group() const { return target_of("iommu_group"); }
  /// Lets the function decode its memory. Throws crucible::Error(kDevice).
  void enable() const;
  /// Opens a file of the function, or a device file; `remedy` ends the message of the
  /// crucible::Error(kDevice) where that is not allowed.
  [[nodiscard]] FileDescriptor open(const std::filesystem::path& file,
                                    const std::string& remedy) const;
  [[noreturn]] void fail(const std::string& reason) const;

 private:
  /// The last part of where a symbolic link leads; empty where there is none.
  [[nodiscard]] std::string target_of(const char* link) const;
  [[nodiscard]] std::string text_of(const char* file) const;

  std::string name_;
  std::filesystem::path folder_;
  std::string described_;
};

}  // namespace crucible::link
