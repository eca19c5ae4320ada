// Chips made from a seed, cell by cell, and the ADC's ramp.
#include "models/tile/chip_generator.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "models/error.hpp"
#include "models/tile/rshift.hpp"
#include "models/tile/self_test.hpp"
#include "models/tile/tile_noise.hpp"

namespace crucible::models {
namespace {

constexpr size_t kCells = 20'000;

std::vector<uint8_t> mixed_levels() {
  std::vector<uint8_t> levels;
  for (size_t i = 0; i < kCells; ++i) levels.push_back(static_cast<uint8_t>(i * i / 7 % 4));
  return levels;
}

GeneratorSettings settings() {
  GeneratorSettings s;
  s.sigma = {10 << 8, 15 << 8, 18 << 8, 0};
  s.limit = 300;
  s.seed = 0x1234567890ABCDEF;
  return s;
}

std::vector<int8_t> offsets(const GeneratorSettings& s) {
  uint64_t pulses = 0, unverified = 0;
  return generate_offsets(mixed_levels(), s, pulses, unverified);
}

TEST(ChipGenerator, DrawsACellsOffsetAtItsNumberWithTheSigmaOfItsLevel) {
  const GeneratorSettings s = settings();
  const auto levels = mixed_levels();
  const auto found = offsets(s);
  for (uint32_t cell = 0; cell < kCells; ++cell) {
    const int64_t z = gauss(draw(s.seed, Draw::kOffset, 0, cell / 8, static_cast<int>(cell % 8)));
    ASSERT_EQ(found[cell], rshift(z * s.sigma[levels[cell]], 20)) << cell;
  }
}

TEST(ChipGenerator, DoesNotDependOnTheCellsBehind) {
  const auto levels = mixed_levels();
  uint64_t none = 0;
  const auto part = generate_offsets(std::span(levels).first(1001), settings(), none, none);
  const auto whole = offsets(settings());
  EXPECT_TRUE(std::equal(part.begin(), part.end(), whole.begin()));
  GeneratorSettings s = settings();
  s.off_rate = s.on_rate = 9000;
  const auto stuck = generate_stuck(1001, s), all = generate_stuck(kCells, s);
  EXPECT_TRUE(std::equal(stuck.begin(), stuck.end(), all.begin()));
}

TEST(ChipGenerator, RedrawsOnlyWhatTheTruncationRefuses) {
  GeneratorSettings s = settings();
  const auto plain = offsets(s);
  s.kind = OffsetShape::kTruncated;
  const auto truncated = offsets(s);
  s.kind = OffsetShape::kRightCensored;
  const auto censored = offsets(s);
  int redrawn = 0;
  for (uint32_t cell = 0; cell < kCells; ++cell) {
    const int32_t z = gauss(draw(s.seed, Draw::kOffset, 0, cell / 8, static_cast<int>(cell % 8)));
    if (std::abs(z) <= s.limit << 4) {
      ASSERT_EQ(truncated[cell], plain[cell]);
    } else {
      ++redrawn;
    }
    ASSERT_LE(std::abs(truncated[cell]), 18 * 300 / 256 + 1);
    if (z <= s.limit << 4) {
      ASSERT_EQ(censored[cell], plain[cell]);
    } else {
      ASSERT_LE(censored[cell], 18 * 300 / 256 + 1);
    }
  }
  EXPECT_GT(redrawn, 1000);
}

TEST(ChipGenerator, ClampsAtTheEndsOfTheOffset) {
  GeneratorSettings s = settings();
  s.sigma.fill(0xFFFF);
  int low = 0, high = 0;
  for (const int8_t offset : offsets(s)) {
    low += offset == -128 ? 1 : 0;
    high += offset == 127 ? 1 : 0;
  }
  EXPECT_GT(low, 5000);
  EXPECT_GT(high, 5000);
}

TEST(ChipGenerator, TakesTheDistanceOverTheStepWhereNoPulseVaries) {
  GeneratorSettings s = settings();
  const auto before = offsets(s);
  s.tolerance = 3;
  s.pulses = 255;
  s.pulse_step = 5 << 8;
  uint64_t pulses = 0, unverified = 0, expected = 0;
  const auto after = generate_offsets(mixed_levels(), s, pulses, unverified);
  for (size_t cell = 0; cell < kCells; ++cell) {
    const int distance = std::abs(before[cell]);
    const int needed = distance <= 3 ? 0 : (distance - 3 + 4) / 5;
    expected += static_cast<uint64_t>(needed);
    const int left = distance - 5 * needed;
    ASSERT_EQ(after[cell], before[cell] < 0 ? -left : left) << cell;
    ASSERT_LE(std::abs(after[cell]), 3);
  }
  EXPECT_EQ(pulses, expected);
  EXPECT_EQ(unverified, 0u);
}

TEST(ChipGenerator, CountsTheCellsThatItsPulsesDoNotReach) {
  GeneratorSettings s = settings();
  const auto before = offsets(s);
  s.tolerance = 2;
  s.pulses = 1;
  s.pulse_step = 4 << 8;
  uint64_t pulses = 5, unverified = 7;
  const auto after = generate_offsets(mixed_levels(), s, pulses, unverified);
  uint64_t beyond = 0, pulsed = 0;
  for (size_t cell = 0; cell < kCells; ++cell) {
    pulsed += std::abs(before[cell]) > 2 ? 1 : 0;
    beyond += std::abs(after[cell]) > 2 ? 1 : 0;
  }
  EXPECT_EQ(pulses, 5 + pulsed);
  EXPECT_EQ(unverified, 7 + beyond);
}

TEST(ChipGenerator, RefusesValuesOutOfRange) {
  const auto expect_refused = [](const GeneratorSettings& s, const char* part) {
    try {
      (void)generate_stuck(1, s);
      ADD_FAILURE() << "accepted, expected a message with '" << part << "'";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kUsage);
      EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
    }
  };
  GeneratorSettings s;
  s.limit = 127;
  expect_refused(s, "limit is 127");
  s = {};
  s.off_rate = s.on_rate = 0x8000;
  expect_refused(s, "rate of stuck cells is 65536");
  s = {};
  s.tolerance = 128;
  expect_refused(s, "tolerance is 128");
  s = {};
  s.pulses = 256;
  expect_refused(s, "most pulses is 256");
  uint64_t none = 0;
  EXPECT_THROW((void)generate_offsets(std::vector<uint8_t>{4}, {}, none, none), Error);
}

TEST(AdcRamp, OfIdealConvertersFindsNothing) {
  TileSettings tile;
  for (const int bits : {1, 8, 12}) {
    for (const int shift : {0, 7, 19}) {
      tile.adc = {false, shift, bits};
      EXPECT_EQ(adc_ramp(tile, 16), (RampResult{0, 0}));
    }
  }
}

TEST(AdcRamp, FindsAnOffsetsCodes) {
  TileSettings tile;
  tile.adc = {false, 8, 6};
  tile.adc_offset = {0, 512, 0, -256};  // two codes up, one down
  // Column 1: the last two codes are held at 63 (1 and 0 short of the ramp's 2): 62 by two, one by
  // one, the last not at all. Column 3: 63 by one; k = 0 cannot fall.
  EXPECT_EQ(adc_ramp(tile, 4), (RampResult{2, 63 + 63}));
}

TEST(AdcRamp, FindsGainErrorsAndStepsOnlyWhereTheyAreEnabled) {
  TileSettings tile;
  tile.adc = {false, 10, 8};
  tile.effects.adc_gain_error = {-656, 0, 0, 0};  // 1 % low: 255 becomes 252.45
  tile.effects.adc_inl_steps.assign(64, 0);
  tile.effects.adc_inl_steps[16 + 3] = 16;  // column 1, codes 48 .. 63, one code up
  EXPECT_EQ(adc_ramp(tile, 4), (RampResult{0, 0}));
  tile.effects.adc_inl = true;
  EXPECT_EQ(adc_ramp(tile, 4), (RampResult{1, 16}));
  tile.effects.adc_gain = true;
  // k - 0.01 k rounds to another code from 51 on; the half at 50 goes up.
  EXPECT_EQ(adc_ramp(tile, 4), (RampResult{3, 16 + 205}));
}

TEST(AdcRamp, EndsBefore2To29) {
  TileSettings tile;
  tile.adc = {false, 27, 12};  // k = 0 .. 3
  tile.effects.adc_gain = true;
  tile.effects.adc_gain_error.assign(4, 16384);  // 3 becomes 3.75, 2 becomes 2.5, 1 becomes 1.25
  EXPECT_EQ(adc_ramp(tile, 4), (RampResult{1, 4 * 2}));
}

TEST(AdcRamp, QuantisesInEveryMode) {
  TileSettings tile;
  tile.adc = {true, 10, 8};
  tile.effects.adc_inl = true;
  tile.effects.adc_inl_steps.assign(64, 16);  // a code up, but for the last
  EXPECT_EQ(adc_ramp(tile, 4), (RampResult{1, 4 * 255}));
}

TEST(AdcRamp, CountsAtMost65535Codes) {
  TileSettings tile;
  tile.adc = {false, 10, 12};
  tile.adc_offset.assign(64, 32767);
  EXPECT_EQ(adc_ramp(tile, 64).differing, 65535u);
}

}  // namespace
}  // namespace crucible::models
