// Loses and changes bytes of another transport in both directions.
#pragma once

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "host/link/i_transport.hpp"

namespace crucible::sim {

struct ByteDamage {
  double flip = 0;  ///< probability that a byte arrives with one wrong bit
  double drop = 0;  ///< probability that a byte does not arrive
  uint64_t seed = 1;
};

class DamagingTransport final : public link::ITransport {
 public:
  DamagingTransport(std::unique_ptr<link::ITransport> inner, ByteDamage damage)
      : inner_(std::move(inner)), damage_(damage), random_(damage.seed) {}

  void write(std::span<const uint8_t> bytes, link::Clock::time_point deadline) override {
    inner_->write(damaged(bytes), deadline);
  }
  size_t read(std::span<uint8_t> bytes, link::Clock::time_point deadline) override {
    // A piece of which nothing arrives is no end of the waiting.
    while (true) {
      const size_t count = inner_->read(bytes, deadline);
      const std::vector<uint8_t> left = damaged(bytes.first(count));
      std::copy(left.begin(), left.end(), bytes.begin());
      if (!left.empty() || count == 0) return left.size();
    }
  }
  [[nodiscard]] std::string describe() const override { return inner_->describe(); }
  [[nodiscard]] uint64_t damaged_bytes() const { return damaged_; }

 private:
  std::vector<uint8_t> damaged(std::span<const uint8_t> bytes) {
    std::uniform_real_distribution<> chance;
    std::vector<uint8_t> result;
    for (uint8_t byte : bytes) {
      const bool drop = chance(random_) < damage_.drop;
      const bool flip = chance(random_) < damage_.flip;
      damaged_ += drop || flip ? 1 : 0;
      if (drop) continue;
      if (flip) byte ^= static_cast<uint8_t>(1u << (random_() % 8));
      result.push_back(byte);
    }
    return result;
  }

  std::unique_ptr<link::ITransport> inner_;
  ByteDamage damage_;
  std::mt19937_64 random_;
  uint64_t damaged_ = 0;
};

}  // namespace crucible::sim
