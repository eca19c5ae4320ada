// See tile_noise.hpp.
#include "models/tile/tile_noise.hpp"

#include <bit>

#include "models/tile/rshift.hpp"
#include "spec/gen/crucible_noise.hpp"

namespace crucible::models {

namespace {

struct Pair {
  uint32_t x, y;
};

/// The 20 rounds without a loop, so that callers' loops become vectors.
inline Pair rounds(Pair counter, Pair key) {
  const uint32_t last = 0x1BD11BDA ^ key.x ^ key.y;
  uint32_t x = counter.x, y = counter.y;
  const auto inject = [&](uint32_t a, uint32_t b) {
    x += a;
    y += b;
  };
  const auto mix = [&](int first, int second, int third, int fourth) {
    for (const int rotation : {first, second, third, fourth}) {
      x += y;
      y = std::rotl(y, rotation) ^ x;
    }
  };
  inject(key.x, key.y);
  mix(13, 15, 26, 6);
  inject(key.y, last + 1);
  mix(17, 29, 16, 24);
  inject(last, key.x + 2);
  mix(13, 15, 26, 6);
  inject(key.x, key.y + 3);
  mix(17, 29, 16, 24);
  inject(key.y, last + 4);
  mix(13, 15, 26, 6);
  inject(last, key.x + 5);
  return {x, y};
}

Pair key_of(uint64_t seed) {
  return {static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32)};
}

/// Second counter word of address 0.
uint32_t first_place(Draw tag, int pair) {
  return (static_cast<uint32_t>(tag) << 28) + (static_cast<uint32_t>(pair) << 26);
}

}  // namespace

std::array<uint32_t, 2> threefry(std::array<uint32_t, 2> counter, std::array<uint32_t, 2> key) {
  const auto [x, y] = rounds({counter[0], counter[1]}, {key[0], key[1]});
  return {x, y};
}

uint32_t draw(uint64_t seed, Draw tag, uint32_t n, uint32_t a, int k) {
  const auto [even, odd] = rounds({n, first_place(tag, k / 2) + a}, key_of(seed));
  return k % 2 == 0 ? even : odd;
}

void draw_pairs(uint64_t seed, Draw tag, uint32_t n, uint32_t first, int pair, int count,
                uint32_t* __restrict even, uint32_t* __restrict odd) {
  const Pair key = key_of(seed);
  const uint32_t place = first_place(tag, pair) + first;
  for (int i = 0; i < count; ++i) {
    const auto [x, y] = rounds({n, place + static_cast<uint32_t>(i)}, key);
    even[i] = x;
    odd[i] = y;
  }
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
