// Random numbers for tests of tiles: uniform, and with the ends of a range more often than chance
// would give them.
#pragma once

#include <cstdint>
#include <random>

namespace crucible::models {

class Draw {
 public:
  explicit Draw(uint64_t seed) : random_(seed) {}

  /// Uniform in low .. high, both ends included.
  int uniform(int low, int high) {
    const auto range = static_cast<uint64_t>(int64_t{high} - low) + 1;
    return static_cast<int>(low + static_cast<int64_t>(random_() % range));
  }
  /// A value of low .. high; every fourth is an end.
  int edgy(int low, int high) { return one_in(4) ? (one_in(2) ? low : high) : uniform(low, high); }
  bool one_in(int n) { return uniform(1, n) == 1; }
  bool chance(double probability) { return uniform(0, 9999) < probability * 10000; }
  uint32_t word() { return static_cast<uint32_t>(random_() >> 32); }

 private:
  std::mt19937_64
      random_;  // its numbers are the same everywhere; the standard's distributions are not
};

}  // namespace crucible::models
