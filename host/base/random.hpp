// Counter-based random numbers: a value is a function of (seed, stream, index), so it depends
// neither on order nor on threads, and is the same on every machine. The generator is the models'
// Philox.
#pragma once

#include <cstdint>

#include "models/variation/philox.hpp"

namespace crucible {

class CounterRandom {
 public:
  explicit CounterRandom(uint64_t seed, uint64_t stream = 0) : seed_(seed), stream_(stream) {}

  /// 64 random bits for this index.
  [[nodiscard]] uint64_t at(uint64_t index) const {
    const models::PhiloxCounter words = models::philox(
        {low(index), high(index), low(stream_), high(stream_)}, {low(seed_), high(seed_)});
    return uint64_t{words[1]} << 32 | words[0];
  }
  /// The next index' bits, for callers that draw in sequence.
  uint64_t next() { return at(index_++); }
  /// 0 .. bound - 1; bound is at least 1. The bias is below bound / 2^32.
  uint32_t below(uint32_t bound) { return static_cast<uint32_t>(((next() >> 32) * bound) >> 32); }
  /// first .. last, both included.
  int between(int first, int last) {
    return first + static_cast<int>(below(static_cast<uint32_t>(last - first) + 1));
  }
  /// [0, 1), 24 bits: exact in float.
  float unit() { return static_cast<float>(next() >> 40) * 0x1p-24F; }

 private:
  static constexpr uint32_t low(uint64_t value) { return static_cast<uint32_t>(value); }
  static constexpr uint32_t high(uint64_t value) { return static_cast<uint32_t>(value >> 32); }
  uint64_t seed_;
  uint64_t stream_;
  uint64_t index_ = 0;
};

}  // namespace crucible
