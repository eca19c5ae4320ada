// Bytes between the outside world and the simulation, in one thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace crucible::sim {

class ByteQueue {
 public:
  void push(std::span<const uint8_t> bytes) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  }
  [[nodiscard]] size_t size() const { return bytes_.size(); }
  [[nodiscard]] bool empty() const { return bytes_.empty(); }
  void clear() { bytes_.clear(); }
  /// Takes at most `limit` bytes off the front.
  [[nodiscard]] std::vector<uint8_t> take(size_t limit) {
    const auto end = bytes_.begin() + static_cast<std::ptrdiff_t>(std::min(limit, bytes_.size()));
    std::vector<uint8_t> taken(bytes_.begin(), end);
    bytes_.erase(bytes_.begin(), end);
    return taken;
  }

 private:
  std::vector<uint8_t> bytes_;
};

}  // namespace crucible::sim
