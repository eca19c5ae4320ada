// Board memory: words for the bus, a pointer for whoever may go past it.
#pragma once

#include <vector>

#include "models/device/i_bus_target.hpp"

namespace crucible::models {

class BoardMemory final : public IBusTarget {
 public:
  /// `bytes` is a power of two of at most spec::kWindowMemoryBytes, or 0: then there is nothing.
  explicit BoardMemory(size_t bytes) : words_(bytes / sizeof(uint32_t)) {}

  BusResult read(uint32_t address, std::span<uint32_t> words) override;
  BusResult write(uint32_t address, std::span<const uint32_t> words, uint32_t step) override;

  [[nodiscard]] std::span<uint32_t> words() { return words_; }

 private:
  /// First word of a burst that lies outside, or `count`.
  [[nodiscard]] size_t inside(uint32_t address, size_t count, uint32_t step) const;

  std::vector<uint32_t> words_;
};

}  // namespace crucible::models
