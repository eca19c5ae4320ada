// PCI configuration space of the emulated card: type 0 header, BAR0, BAR2 and an MSI capability.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace crucible::sim {

/// Bytes that a write may change are masks: BARs answer sizing as the PCI standard says.
class ConfigSpace {
 public:
  static constexpr size_t kBytes = 256;
  static constexpr uint16_t kVendor = 0x1234;  ///< decision 0009
  static constexpr uint16_t kDevice = 0xC1C1;

  ConfigSpace();
  /// Offset and size lie inside; any alignment.
  void read(size_t offset, std::span<uint8_t> bytes) const;
  void write(size_t offset, std::span<const uint8_t> bytes);
  void reset();

 private:
  template <typename Word>
  void set(size_t offset, Word value, Word writable = 0);

  std::array<uint8_t, kBytes> initial_{}, writable_{}, bytes_{};
};

}  // namespace crucible::sim
