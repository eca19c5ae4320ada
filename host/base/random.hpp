// Counter-based random numbers: a value is a function of (seed, stream, index), so it depends
// neither on order nor on threads. The function is the finaliser of SplitMix64 (Steele, Lea, Flood
// 2014), applied to each coordinate in turn; the same on every machine.
#pragma once

#include <cstdint>

namespace crucible {

class CounterRandom {
 public:
  constexpr explicit CounterRandom(uint64_t seed, uint64_t stream = 0)
      : key_(mix(mix(seed + kGolden) ^ (stream + kGolden))) {}

  /// 64 random bits for this index.
  [[nodiscard]] constexpr uint64_t at(uint64_t index) const {
    return mix(key_ + kGolden * (index + 1));
  }
  /// The next index' bits, for callers that draw in sequence.
  constexpr uint64_t next() { return at(index_++); }
  /// 0 .. bound - 1; bound is at least 1. The bias is below bound / 2^32.
  constexpr uint32_t below(uint32_t bound) {
    return static_cast<uint32_t>(((next() >> 32) * bound) >> 32);
  }
  /// first .. last, both included.
  constexpr int between(int first, int last) {
    return first + static_cast<int>(below(static_cast<uint32_t>(last - first) + 1));
  }
  /// [0, 1), 24 bits: exact in float.
  constexpr float unit() { return static_cast<float>(next() >> 40) * 0x1p-24F; }

 private:
  static constexpr uint64_t kGolden = 0x9E3779B97F4A7C15ULL;
  static constexpr uint64_t mix(uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
  }
  uint64_t key_;
  uint64_t index_ = 0;
};

}  // namespace crucible
