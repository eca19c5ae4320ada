// See tile_noise.hpp.
#include "models/tile/tile_noise.hpp"

#include <bit>

#include "models/tile/rshift.hpp"
#include "spec/gen/crucible_noise.hpp"

namespace crucible::models {

std::array<uint32_t, 2> threefry(std::array<uint32_t, 2> counter, std::array<uint32_t, 2> key) {
  constexpr std::array<int, 8> kRotations = {13, 15, 26, 6, 17, 29, 16, 24};
  const std::array<uint32_t, 3> words = {key[0], key[1], 0x1BD11BDA ^ key[0] ^ key[1]};
  auto [x, y] = counter;
  x += words[0];
  y += words[1];
  for (uint32_t round = 0; round < 20; ++round) {
    x += y;
    y = std::rotl(y, kRotations[round % 8]) ^ x;
    if (round % 4 != 3) continue;
    const uint32_t group = round / 4 + 1;
    x += words[group % 3];
    y += words[(group + 1) % 3] + group;
  }
  return {x, y};
}

uint32_t draw(uint64_t seed, Draw tag, uint32_t n, uint32_t a, int k) {
  const uint32_t place =
      (static_cast<uint32_t>(tag) << 28) + (static_cast<uint32_t>(k / 2) << 26) + a;
  return threefry({n, place},
                  {static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32)})[k % 2];
}

int32_t gauss(uint32_t u) {
  const uint32_t v = u & 0x7FFFFFFF;
  const int zeros = std::countl_zero(v) - 1;
  const uint32_t m = (v << zeros) & 0x3FFFFFFF;
  const uint32_t entry = 8 * static_cast<uint32_t>(zeros) + (m >> 27);
  const uint32_t fraction = (m >> 19) & 0xFF;
  const int32_t z =
      spec::kGaussStart[entry] - static_cast<int32_t>((spec::kGaussDrop[entry] * fraction) >> 8);
  return (u >> 31) != 0 ? -z : z;
}

uint32_t sigma(uint64_t variance) {
  if (variance == 0) return 0;
  const int e = (std::countl_zero(variance) - 24) / 2;
  const uint64_t m = (variance << (2 * e)) >> 32;
  return (uint32_t{spec::kRoot[m]} << 16) >> e;
}

int64_t noise(uint32_t sigma, int32_t z, int lsb_exp) {
  return rshift((int64_t{z} * sigma) * (int64_t{1} << (lsb_exp - 8)), 20);
}

}  // namespace crucible::models
