// The definition itself on cases worked out by hand, and what illegal values get.
#include <gtest/gtest.h>

#include "models/error.hpp"
#include "models/tile/tile_twin.hpp"

namespace crucible::models {
namespace {

/// One row, one logical output (four physical columns).
struct OneOutput {
  BankCells cells{1, 4, {0, 0, 0, 0}, {0, 0, 0, 0}};
  TileSettings settings;
  TileCounters counters;

  int64_t product(uint8_t x) {
    std::vector<int64_t> out(1), same(1);
    TileCounters ignored;
    reference_multiply(cells, 1, 4, settings, 0, std::vector<uint8_t>{x}, 1, out, counters);
    prepare_bank(cells, 1, 4, settings)->multiply(0, std::vector<uint8_t>{x}, 1, same, ignored);
    EXPECT_EQ(same, out);
    return out[0];
  }
};

TEST(TileTwin, MultipliesAnInputByASignedWeight) {
  OneOutput tile;
  tile.settings.adc = {false, 8, 8};  // one code is one level
  tile.cells.levels = {1, 2, 0, 0};   // 1 + 4 * 2
  EXPECT_EQ(tile.product(200), 9 * 200);
  tile.cells.levels = {0, 0, 3, 1};  // -(3 + 4)
  EXPECT_EQ(tile.product(255), -7 * 255);
  EXPECT_EQ(tile.product(0), 0);
}

TEST(TileTwin, KeepsTheFractionInTheTransparentMode) {
  OneOutput tile;
  tile.settings.adc.transparent = true;
  tile.settings.inject = true;
  tile.settings.lsb_exp = 10;
  tile.cells.levels = {1, 0, 0, 2};
  tile.cells.offsets = {-5, 7, 0, 100};  // base 0: level 0 goes up freely
  EXPECT_EQ(tile.product(3), 3 * (1024 - 5 + 4 * 7 - 4 * (2048 + 100)));
  EXPECT_EQ(tile.counters.saturations, 0U);
}

TEST(TileTwin, IgnoresOffsetsWhileInjectionIsOff) {
  OneOutput tile;
  tile.settings.adc.transparent = true;
  tile.cells.levels = {1, 0, 0, 0};
  tile.cells.offsets = {50, 50, -50, 50};
  EXPECT_EQ(tile.product(1), 256);
}

TEST(TileTwin, ClampsConductanceAtBothRails) {
  OneOutput tile;
  tile.settings.adc.transparent = true;
  tile.settings.inject = true;
  tile.settings.lsb_exp = 9;
  tile.cells.levels = {0, 3, 0, 0};
  tile.cells.offsets = {-100, 100, 0, 0};
  EXPECT_EQ(tile.product(1), 4 * 3 * 512);  // base 0: neither moves
  tile.settings.base = 20;                  // 40 LSB of 2^-9 level
  EXPECT_EQ(tile.product(1), -40 + 4 * (3 * 512 + 40));
  tile.settings.base = 50;  // 100 LSB: just enough
  EXPECT_EQ(tile.product(1), -100 + 4 * (3 * 512 + 100));
}

TEST(TileTwin, RoundsTiesUpwards) {
  OneOutput tile;
  tile.settings.adc = {false, 9, 8};  // one code is two levels
  tile.cells.levels = {1, 0, 0, 0};
  EXPECT_EQ(tile.product(1), 1);  // half a code
  tile.settings.adc_offset = {-512, 0, 0, 0};
  EXPECT_EQ(tile.product(1), 0);  // minus half a code
  // Plane 0 carries -1 level, which is 0 without saturation; the other planes -2, which is -1 and
  // saturates.
  EXPECT_EQ(tile.counters.saturations, 7U);
}

TEST(TileTwin, CountsSaturationsAtBothEnds) {
  OneOutput tile;
  tile.settings.adc = {false, 8, 1};
  tile.cells.levels = {2, 1, 3, 0};
  tile.settings.adc_offset = {0, 0, 0, -256};
  // Input 1: plane 0 of columns 0 (2 > 1) and 2 (3 > 1), and all eight planes of column 3 (-1 < 0).
  EXPECT_EQ(tile.product(1), 1 + 4 - 1);
  EXPECT_EQ(tile.counters.saturations, 10U);
  EXPECT_EQ(tile.counters.products, 1U);
}

TEST(TileTwin, AddsAdcOffsetsInUnitsOf256thsOfALevel) {
  OneOutput tile;
  tile.settings.adc = {false, 10, 8};
  tile.settings.lsb_exp = 10;
  tile.settings.adc_offset = {512, 0, 0, 256};  // two levels, one level
  EXPECT_EQ(tile.product(0), 2 * 255 - 4 * 255);
}

TEST(TileTwin, ConvertsInputsBeforeAllElse) {
  OneOutput tile;
  tile.settings.adc = {false, 8, 8};
  tile.cells.levels = {1, 0, 0, 0};
  EffectSettings& e = tile.settings.effects;
  e.dac_offset = {-3};
  e.dac_gain = {32};  // an eighth more
  e.dac_inl.assign(16, 0);
  e.dac_inl[6] = 5;  // inputs 96 .. 111
  EXPECT_EQ(tile.product(100), 100);
  e.dac = true;
  EXPECT_EQ(tile.product(100), 100 + 13 - 3 + 5);  // 12.5 rounds up
  EXPECT_EQ(tile.product(1), 0);                   // 1 + 0 - 3
  EXPECT_EQ(tile.product(250), 255);
}

TEST(TileTwin, TakesDriftFromTheDevicesOwnConductance) {
  OneOutput tile;
  tile.settings.adc.transparent = true;
  tile.settings.inject = true;
  tile.settings.base = 64;
  tile.cells.levels = {1, 0, 0, 3};
  tile.cells.offsets = {20, -20, 0, 1};
  tile.settings.effects.drift_loss = {0x8000, 0x4000, 0, 0x1000};
  const int64_t fresh = (64 + 256 + 20) + 4 * (64 - 20) - 64 - 4 * (64 + 768 + 1);
  EXPECT_EQ(tile.product(1), fresh);
  tile.settings.effects.drift = true;
  // A quarter of 340 is 85; half of 44 is 22; half of 64 is 32; a sixteenth of 833 is 52.06.
  EXPECT_EQ(tile.product(1), (340 - 85) + 4 * (44 - 22) - (64 - 32) - 4 * (833 - 52));
}

TEST(TileTwin, HoldsStuckCellsAtTheRailsWhateverTheirOffsetAndDrift) {
  OneOutput tile;
  tile.settings.adc.transparent = true;
  tile.settings.inject = true;
  tile.settings.base = 10;
  tile.cells.levels = {3, 0, 2, 1};
  tile.cells.offsets = {50, 50, 50, 50};
  tile.cells.stuck = {1, 2, 0, 0};
  tile.settings.effects.drift = true;
  tile.settings.effects.drift_loss = {0x8000, 0x8000, 0x8000, 0x8000};
  tile.settings.effects.stuck = true;
  // Rail 788; half of 572 is 286, half of 316 is 158.
  EXPECT_EQ(tile.product(1), 0 + 4 * 788 - 286 - 4 * 158);
  EXPECT_EQ(tile.counters.clamps, 0U);  // they lie on the rails, not beyond
}

TEST(TileTwin, AttenuatesWhatTheRailsHaveLeft) {
  OneOutput tile;
  tile.settings.adc.transparent = true;
  tile.settings.inject = true;
  tile.cells.levels = {3, 0, 0, 0};
  tile.cells.offsets = {100, 0, -100, 0};  // both beyond a rail
  tile.settings.effects.attenuation = true;
  tile.settings.effects.row_loss = {0x1000};
  tile.settings.effects.col_loss = {0x3000, 0, 0, 0};
  // A quarter of 768, not of 868; the level 0 cells stand at 0.
  EXPECT_EQ(tile.product(1), 768 - 192);
  EXPECT_EQ(tile.counters.clamps, 2U);
  EXPECT_EQ(tile.counters.reads, 1U);
}

TEST(TileTwin, BendsTheConverterByItsSegment) {
  OneOutput tile;
  tile.settings.adc = {false, 8, 4};  // codes 0 .. 15, a segment each
  tile.cells.levels = {3, 0, 0, 0};
  EffectSettings& e = tile.settings.effects;
  e.adc_inl = true;
  e.adc_inl_steps.assign(64, 0);
  e.adc_inl_steps[3] = 8;  // half a code up at code 3, a tie
  EXPECT_EQ(tile.product(1), 4);
  e.adc_inl_steps[3] = -9;
  EXPECT_EQ(tile.product(1), 2);
  tile.settings.adc_offset = {-1, 0, 0, 0};  // now in segment 2, which is straight
  EXPECT_EQ(tile.product(1), 3);
}

TEST(TileTwin, AmplifiesTheSumWithItsOffset) {
  OneOutput tile;
  tile.settings.adc.transparent = true;
  tile.cells.levels = {2, 0, 0, 0};
  tile.settings.adc_offset = {100, 0, 0, 0};
  tile.settings.effects.adc_gain = true;
  tile.settings.effects.adc_gain_error = {-16384, 0, 0, 0};  // a quarter less
  // Plane 0: 612 - 153; the other seven planes 100 - 25.
  EXPECT_EQ(tile.product(1), 459 + 75 * 254);
}

TEST(TileTwin, CountsRailsInEveryPlaneOnlyWhereEachIsRead) {
  OneOutput tile;
  tile.settings.inject = true;
  tile.cells.offsets = {-1, -1, 0, 0};
  (void)tile.product(0);
  EXPECT_EQ(tile.counters.clamps, 2U);
  tile.settings.effects.noise = ReadNoise::kCell;  // without any variance
  (void)tile.product(0);
  EXPECT_EQ(tile.counters.clamps, 2U + 16U);
}

void expect_refused(const OneOutput& tile, const char* part) {
  try {
    (void)prepare_bank(tile.cells, 1, 4, tile.settings);
    ADD_FAILURE() << "accepted, expected a message with '" << part << "'";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
    EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
  }
}

TEST(TileTwin, RefusesValuesOutOfRange) {
  OneOutput tile;
  tile.settings.lsb_exp = 19;
  expect_refused(tile, "lsb_exp is 19");
  tile = {};
  tile.settings.base = 256;
  expect_refused(tile, "base is 256");
  tile = {};
  tile.settings.adc.shift = 28;
  expect_refused(tile, "ADC shift is 28");
  tile = {};
  tile.settings.adc.bits = 0;
  expect_refused(tile, "ADC bits is 0");
  tile = {};
  tile.cells.levels[2] = 4;
  expect_refused(tile, "row 0, column 2 is 4");
  tile = {};
  tile.settings.adc_offset = {1, 2};
  expect_refused(tile, "2 ADC offsets for 4");
  tile = {};
  tile.settings.effects.noise_slope = 1 << 24;
  expect_refused(tile, "slope of the noise is 16777216");
  tile = {};
  tile.settings.effects.row_loss = {0x8000};
  expect_refused(tile, "row loss is 32768");
  tile = {};
  tile.settings.effects.dac_inl.resize(15);
  expect_refused(tile, "15 steps of input converters");
  tile = {};
  tile.cells.stuck = {0, 3, 0, 0};
  expect_refused(tile, "stuck state is 3");
  tile = {};
  tile.cells.stuck = {0};
  expect_refused(tile, "1 stuck states for 4 cells");
  tile = {};
  tile.cells.bank = 1 << 24;
  expect_refused(tile, "last cell's number");
  tile = {};
  tile.cells.offsets.pop_back();
  expect_refused(tile, "3 offsets");
}

TEST(TileTwin, RefusesRowsAndColumnsThatAreNotThere) {
  const OneOutput tile;
  EXPECT_THROW((void)prepare_bank(tile.cells, 2, 4, tile.settings), Error);
  EXPECT_THROW((void)prepare_bank(tile.cells, 1, 8, tile.settings), Error);
  EXPECT_THROW((void)prepare_bank(tile.cells, 0, 4, tile.settings), Error);
}

TEST(TileTwin, RefusesBuffersOfTheWrongSize) {
  const OneOutput tile;
  const auto bank = prepare_bank(tile.cells, 1, 4, tile.settings);
  std::vector<int64_t> out(2);
  TileCounters counters;
  EXPECT_THROW(bank->multiply(0, std::vector<uint8_t>{1}, 1, out, counters), Error);
}

}  // namespace
}  // namespace crucible::models
