// The rounding of docs/numerics.md.
#pragma once

#include <cstdint>

namespace crucible::models {

/// v / 2^n, halves towards +infinity; n is at least 1.
constexpr int64_t rshift(int64_t v, int n) { return (v + (int64_t{1} << (n - 1))) >> n; }

}  // namespace crucible::models
