// A card behind the XDMA driver: registers through its user file, BAR2's memory by DMA.
#pragma once

#include <string>

#include "host/base/file_descriptor.hpp"
#include "host/link/pcie/i_card.hpp"
#include "host/link/pcie/mapped_words.hpp"

namespace crucible::link {

/// The driver's AXI4-Lite master is BAR0; address 0 of its DMA engine's AXI4 master is offset 0 of
/// BAR2. It is polled.
class XdmaCard final : public ICard {
 public:
  /// `path`: what stands before _user, _h2c_0 and _c2h_0, as /dev/xdma0. Throws
  /// crucible::Error(kDevice).
  XdmaCard(const std::string& path, std::string address);

  [[nodiscard]] uint32_t read(uint32_t offset) override { return registers_.read(offset); }
  void write(uint32_t offset, uint32_t word) override { registers_.write(offset, word); }
  void read_block(uint32_t offset, std::span<uint32_t> words) override;
  void write_block(uint32_t offset, std::span<const uint32_t> words) override;
  [[nodiscard]] bool has_interrupt() const override { return false; }
  void wait_interrupt(Clock::time_point deadline) override;
  [[nodiscard]] std::string describe() const override { return address_; }

 private:
  const std::string address_;
  MappedWords registers_;
  FileDescriptor to_card_, from_card_;
};

}  // namespace crucible::link
