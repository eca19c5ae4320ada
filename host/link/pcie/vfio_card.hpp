// A card behind VFIO, the kernel's or that of an emulated board.
#pragma once

#include <memory>
#include <string>

#include "host/base/eager_wait.hpp"
#include "host/base/file_descriptor.hpp"
#include "host/link/pcie/i_card.hpp"
#include "host/link/pcie/i_vfio_device.hpp"

namespace crucible::link {

class VfioCard final : public ICard {
 public:
  /// Checks BAR0 and BAR2, enables memory space and bus mastering, takes the interrupt. Throws
  /// crucible::Error(kDevice).
  VfioCard(std::unique_ptr<IVfioDevice> device, std::string address);

  [[nodiscard]] uint32_t read(uint32_t offset) override;
  void write(uint32_t offset, uint32_t word) override;
  void read_block(uint32_t offset, std::span<uint32_t> words) override;
  void write_block(uint32_t offset, std::span<const uint32_t> words) override;
  [[nodiscard]] bool has_interrupt() const override { return has_interrupt_; }
  void wait_interrupt(Clock::time_point deadline) override;
  [[nodiscard]] std::string describe() const override { return address_; }

 private:
  std::unique_ptr<IVfioDevice> device_;
  const std::string address_;
  FileDescriptor interrupt_;
  EagerWait eager_;
  bool has_interrupt_ = false;
};

}  // namespace crucible::link
