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
