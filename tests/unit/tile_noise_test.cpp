// The random numbers of the tile: the generator's published vectors, and the functions' definition.
#include "models/tile/tile_noise.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

#include "models/tile/rshift.hpp"

namespace crucible::models {
namespace {

using Words = std::array<uint32_t, 2>;

TEST(Threefry, GivesThePublishedVectors) {
  // Random123, kat_vectors, "threefry2x32 20": counter, key, result.
  EXPECT_EQ(threefry({0, 0}, {0, 0}), (Words{0x6b200159, 0x99ba4efe}));
  EXPECT_EQ(threefry({0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}),
            (Words{0x1cb996fc, 0xbb002be7}));
  EXPECT_EQ(threefry({0x243f6a88, 0x85a308d3}, {0x13198a2e, 0x03707344}),
            (Words{0xc4923a9c, 0x483df7a0}));
}

TEST(Draw, IsAWordOfTheGeneratorAtItsPlace) {
  const uint64_t seed = 0x0370734413198a2e;
  for (int k = 0; k < 8; ++k) {
    const uint32_t place = 5u * (1u << 28) + static_cast<uint32_t>(k / 2) * (1u << 26) + 12345;
    EXPECT_EQ(draw(seed, Draw::kPulse, 77, 12345, k),
              threefry({77, place}, {0x13198a2e, 0x03707344})[static_cast<size_t>(k % 2)]);
  }
}

TEST(Draw, InPairsIsTheSame) {
  constexpr int kCount = 37;
  std::array<uint32_t, kCount> even{}, odd{};
  for (int pair = 0; pair < 4; ++pair) {
    draw_pairs(42, Draw::kColumnRead, 9, 1000, pair, kCount, even.data(), odd.data());
    for (uint32_t i = 0; i < kCount; ++i) {
      EXPECT_EQ(even[i], draw(42, Draw::kColumnRead, 9, 1000 + i, 2 * pair));
      EXPECT_EQ(odd[i], draw(42, Draw::kColumnRead, 9, 1000 + i, 2 * pair + 1));
    }
  }
}

TEST(Gauss, FallsWithTheTailsProbabilityAndMirrorsTheSign) {
  int32_t last = gauss(0);
  EXPECT_GT(last, 6 * 4096);
  EXPECT_LT(last, 1 << 15);
  for (uint32_t u = 0; u < 0x80000000; u += 1 + u / 4096) {
    const int32_t z = gauss(u);
    ASSERT_LE(z, last) << u;
    ASSERT_EQ(gauss(u | 0x80000000), -z) << u;
    last = z;
  }
  EXPECT_GE(gauss(0x7fffffff), 0);
  EXPECT_LE(gauss(0x7fffffff), 2);
}

TEST(Gauss, InvertsTheUpperTail) {
  // Probability that a standard Gaussian exceeds z is about u / 2^32: the table's chords leave less
  // than 1 % in the probability, its steps half a unit of 2^-12.
  for (uint32_t u = 16; u < 0x7fff0000; u += 1 + u / 512) {
    const double z = gauss(u) / 4096.0;
    const double tail = 0.5 * std::erfc(z / std::sqrt(2.0)) * 0x1p32;
    ASSERT_NEAR(tail / (u + 0.5), 1.0, 0.01 + 1.0 / u) << u;
  }
}

TEST(Sigma, IsTheRoot) {
  EXPECT_EQ(sigma(0), 0u);
  for (uint64_t variance = 1; variance < (uint64_t{1} << 40); variance += 1 + variance / 300) {
    const double root = 256 * std::sqrt(static_cast<double>(variance) / 256);
    ASSERT_NEAR(sigma(variance), root, 0.008 * root + 1) << variance;
  }
}

TEST(Noise, ScalesWithTheLsb) {
  // One standard deviation of one level at 2^-18 level an LSB.
  EXPECT_EQ(noise(256 << 8, 4096, 18), 1 << 18);
  EXPECT_EQ(noise(256 << 8, -4096, 8), -256);
  EXPECT_EQ(noise(0, 25960, 18), 0);
  // Halves of an LSB go up.
  EXPECT_EQ(noise(128, 4096, 8), 1);
  EXPECT_EQ(noise(128, -4096, 8), 0);
}

}  // namespace
}  // namespace crucible::models
