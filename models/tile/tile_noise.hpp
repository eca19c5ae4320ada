// Random numbers of the tile: docs/numerics.md, "Random numbers". There is no state; every draw is
// a function of a seed and of what it belongs to.
#pragma once

#include <array>
#include <cstdint>

namespace crucible::models {

/// Threefry-2x32 with 20 rounds: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel
/// random numbers: as easy as 1, 2, 3", SC 2011.
[[nodiscard]] std::array<uint32_t, 2> threefry(std::array<uint32_t, 2> counter,
                                               std::array<uint32_t, 2> key);

/// What a draw is for.
enum class Draw : uint32_t { kCellRead = 1, kColumnRead = 2, kOffset = 3, kStuck = 4, kPulse = 5 };

/// u(seed, tag, n, a, k): n the read or the attempt, a below 2^26, k 0 .. 7.
[[nodiscard]] uint32_t draw(uint64_t seed, Draw tag, uint32_t n, uint32_t a, int k);

/// u(seed, tag, n, first + i, 2 pair) and u(.., 2 pair + 1) for i = 0 .. count - 1.
void draw_pairs(uint64_t seed, Draw tag, uint32_t n, uint32_t first, int pair, int count,
                uint32_t* even, uint32_t* odd);

/// Standard Gaussian by inversion of 32 random bits; unit 2^-12, |z| below 2^15. gauss(0) is
/// the largest.
[[nodiscard]] int32_t gauss(uint32_t u);

/// Root of a variance below 2^40 in 2^-8 (2^-8 level)^2; u16.8 in 2^-8 level.
[[nodiscard]] uint32_t sigma(uint64_t variance);

/// `z` standard deviations, in LSB of 2^-lsb_exp level.
[[nodiscard]] int64_t noise(uint32_t sigma, int32_t z, int lsb_exp);

}  // namespace crucible::models
