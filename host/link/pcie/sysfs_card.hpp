// A card through the files that the kernel shows for every PCI function; it is polled.
#pragma once

#include <string>

#include "host/link/pcie/i_card.hpp"
#include "host/link/pcie/mapped_words.hpp"
#include "host/link/pcie/pci_function.hpp"

namespace crucible::link {

class SysfsCard final : public ICard {
 public:
  /// Enables the function and maps BAR0 and BAR2. Throws crucible::Error(kDevice).
  explicit SysfsCard(PciFunction function);

  [[nodiscard]] uint32_t read(uint32_t offset) override { return bar0_.read(offset); }
  void write(uint32_t offset, uint32_t word) override { bar0_.write(offset, word); }
  void read_block(uint32_t offset, std::span<uint32_t> words) override {
    bar2_.read(offset, words);
  }
  void write_block(uint32_t offset, std::span<const uint32_t> words) override {
    bar2_.write(offset, words);
  }
  [[nodiscard]] bool has_interrupt() const override { return false; }
  void wait_interrupt(Clock::time_point deadline) override;
  [[nodiscard]] std::string describe() const override { return function_.describe(); }

 private:
  PciFunction function_;
  MappedWords bar0_, bar2_;
};

}  // namespace crucible::link
