// A board's bus with little behind it, for tests of cards: registers, board memory, a call.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <vector>

#include "models/device/i_bus_target.hpp"
#include "sim/systemc/i_board_bus.hpp"
#include "spec/gen/crucible_spec.hpp"

namespace crucible::sim {

/// Of every three registers the first can be read and written, the second only read; there is no
/// third. A word with its highest bit set is refused.
class CardBus final : public IBoardBus {
 public:
  explicit CardBus(const spec::HardwareConfig& config)
      : memory_(static_cast<size_t>(config.memory_bytes) / sizeof(uint32_t)) {
    for (size_t i = 0; i < registers_.size(); ++i) registers_[i] = static_cast<uint32_t>(7 * i + 1);
  }

  models::BusResult read(uint32_t address, std::span<uint32_t> words) override {
    const std::span<uint32_t> found = at(address, words.size());
    if (found.empty() || (!in_memory(address) && kind(address) == 2))
      return {spec::Status::kBadAddress, 0};
    std::copy(found.begin(), found.end(), words.begin());
    return {};
  }
  models::BusResult write(uint32_t address, std::span<const uint32_t> words, uint32_t) override {
    const std::span<uint32_t> found = at(address, words.size());
    if (found.empty()) return {spec::Status::kBadAddress, 0};
    if (!in_memory(address)) {
      if (kind(address) != 0) return {spec::Status::kAccess, 0};
      if (words[0] >> 31 != 0) return {spec::Status::kBadValue, 0};
    }
    std::copy(words.begin(), words.end(), found.begin());
    return {};
  }
  [[nodiscard]] bool attention() override { return calls; }

  bool calls = false;  ///< the controller asks for the host

 private:
  static bool in_memory(uint32_t address) { return address >= spec::kWindowMemory; }
  static uint32_t kind(uint32_t address) { return address / 4 % 3; }
  [[nodiscard]] std::span<uint32_t> at(uint32_t address, size_t count) {
    const std::span<uint32_t> all = in_memory(address) ? std::span<uint32_t>(memory_) : registers_;
    const size_t first = (in_memory(address) ? address - spec::kWindowMemory : address) / 4;
    return first + count <= all.size() ? all.subspan(first, count) : std::span<uint32_t>();
  }

  std::array<uint32_t, 32> registers_{};
  std::vector<uint32_t> memory_;
};

}  // namespace crucible::sim
