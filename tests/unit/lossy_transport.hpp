// A link device inside the process, behind bytes that get lost, damaged and doubled. Time does not
// pass: where nothing is to be read, a deadline is over at once. For tests.
#pragma once

#include <algorithm>
#include <deque>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "host/link/i_transport.hpp"
#include "tests/unit/link_device.hpp"

namespace crucible::port {

/// Probabilities of a damage for each piece of bytes that is written at once; seeded.
struct Damage {
  double flip = 0;     ///< one bit
  double drop = 0;     ///< one byte is lost
  double cut = 0;      ///< all bytes from one on are lost
  double garbage = 0;  ///< some bytes are inserted
  double twice = 0;    ///< the whole piece arrives twice
  uint32_t seed = 1;
};

class LossyTransport final : public link::ITransport {
 public:
  LossyTransport(std::shared_ptr<LinkDevice> device, const Damage& damage)
      : device_(std::move(device)), damage_(damage), random_(damage.seed) {}

  void write(std::span<const uint8_t> bytes, link::Clock::time_point) override {
    ++writes_;
    if (silent_) return;
    const std::vector<uint8_t> arrived = damaged({bytes.begin(), bytes.end()});
    // In pieces, as a wire delivers.
    for (size_t first = 0; first < arrived.size();) {
      const size_t count = std::min(arrived.size() - first, size_t{1} + random_() % 64);
      const std::vector<uint8_t> answer =
          damaged(device_->take(std::span(arrived).subspan(first, count)));
      waiting_.insert(waiting_.end(), answer.begin(), answer.end());
      first += count;
    }
  }

  size_t read(std::span<uint8_t> bytes, link::Clock::time_point) override {
    const size_t count = silent_ ? 0 : std::min(bytes.size(), waiting_.size());
    std::copy_n(waiting_.begin(), count, bytes.begin());
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
    return count;
  }

  [[nodiscard]] std::string describe() const override { return "test:lossy"; }

  void set_silent(bool silent) { silent_ = silent; }
  [[nodiscard]] int writes() const { return writes_; }

 private:
  bool happens(double probability) {
    return std::uniform_real_distribution<>()(random_) < probability;
  }

  std::vector<uint8_t> damaged(std::vector<uint8_t> bytes) {
    if (bytes.empty()) return bytes;
    const auto any = [&] {
      return bytes.begin() + static_cast<std::ptrdiff_t>(random_() % bytes.size());
    };
    if (happens(damage_.twice)) {
      const std::vector<uint8_t> copy = bytes;
      bytes.insert(bytes.end(), copy.begin(), copy.end());
    }
    if (happens(damage_.flip)) *any() ^= static_cast<uint8_t>(1u << (random_() % 8));
    if (happens(damage_.garbage)) {
      std::vector<uint8_t> noise(1 + random_() % 30);
      for (uint8_t& byte : noise) byte = static_cast<uint8_t>(random_());
      bytes.insert(any(), noise.begin(), noise.end());
    }
    if (happens(damage_.cut)) bytes.erase(any(), bytes.end());
    if (!bytes.empty() && happens(damage_.drop)) bytes.erase(any());
    return bytes;
  }

  std::shared_ptr<LinkDevice> device_;
  Damage damage_;
  std::mt19937 random_;
  std::deque<uint8_t> waiting_;
  bool silent_ = false;
  int writes_ = 0;
};

}  // namespace crucible::port
