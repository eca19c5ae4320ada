// Philox-4x32-10, a counter-based generator: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw,
// "Parallel random numbers: as easy as 1, 2, 3", SC 2011. Each (key, counter) gives four words;
// there is no state.
#pragma once

#include <array>
#include <cstdint>

namespace crucible::models {

using PhiloxCounter = std::array<uint32_t, 4>;
using PhiloxKey = std::array<uint32_t, 2>;

[[nodiscard]] PhiloxCounter philox(PhiloxCounter counter, PhiloxKey key);

}  // namespace crucible::models
