// What splitting needs of a problem: independent draws, and a score that is low in the tail.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>

namespace crucible::chance {

/// Ordered by value; the tie-break orders draws of the same value, so that a threshold can lie
/// between them. Chips: images classified right, and how far those near the boundary are from it.
struct Score {
  int64_t value = 0;
  int64_t tie_break = 0;
  // NOLINTNEXTLINE(modernize-use-nullptr): the check takes the 0 of the defaulted comparison for a
  // pointer
  friend auto operator<=>(const Score&, const Score&) = default;
};

/// Integers throughout, so that every machine and any number of threads walk the same way. Calls
/// may come from several threads at once.
class ITailProblem {
 public:
  virtual ~ITailProblem() = default;
  /// Number of independent draws.
  [[nodiscard]] virtual size_t draws() const = 0;
  /// Value of draw `index` for a uniform 64-bit number: the inverse of its distribution function.
  [[nodiscard]] virtual int16_t draw(size_t index, uint64_t uniform) const = 0;
  /// All draws anew, from a seed. values: [draws()].
  virtual void sample(uint64_t seed, std::span<int16_t> values) const = 0;
  [[nodiscard]] virtual Score score(std::span<const int16_t> values) const = 0;
};

}  // namespace crucible::chance
