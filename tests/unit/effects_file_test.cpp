// Effects files: every number as the tile holds it, every fault at its place.
#include "host/experiment/effects_file.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <functional>

#include "host/experiment/npy.hpp"
#include "models/error.hpp"
#include "tests/unit/temporary_folder.hpp"

namespace crucible::experiment {
namespace {

class EffectsFile : public testing::Test {
 protected:
  static constexpr models::TileGeometry kTile{8, 4, 2};

  EffectsPlan load(const std::string& keys) {
    std::ofstream(path()) << "schema: crucible.effects/1\n" << keys;
    return load_effects(path(), kTile);
  }
  void expect_error(const std::string& keys, const std::string& says,
                    ErrorKind kind = ErrorKind::kUsage) {
    SCOPED_TRACE(keys);
    try {
      static_cast<void>(load(keys));
      ADD_FAILURE() << "accepted; expected: " << says;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), kind) << error.what();
      EXPECT_NE(std::string(error.what()).find(says), std::string::npos) << error.what() << "\n"
                                                                         << says;
    }
  }
  template <typename Value>
  void save(const std::string& name, const std::vector<size_t>& shape,
            const std::vector<Value>& values) {
    save_npy<Value>(folder_.path() / name, shape, values);
  }
  [[nodiscard]] std::filesystem::path path() const { return folder_.path() / "effects.yaml"; }

  tests::TemporaryFolder folder_;
};

TEST_F(EffectsFile, WithNothingInItChangesNothing) {
  const EffectsPlan plan = load("");
  EXPECT_EQ(plan.settings, models::EffectSettings{});
  EXPECT_FALSE(plan.generated);
  EXPECT_TRUE(plan.adc_offset.empty() && plan.stuck_map.empty());
  EXPECT_EQ(describe_plan(plan), "nothing");
}

TEST_F(EffectsFile, OffsetsBecomeTheGeneratorsFields) {
  const EffectsPlan plan = load(
      "offsets:\n  kind: truncated\n  limit_sigmas: 2.5\n  lsb_exp: 9\n"
      "  sigma_levels: [0.01, 0.02, 0, 0.4]\n"
      "  write_verify: {tolerance_levels: 0.01, most_pulses: 30, step_levels: 0.005, "
      "pulse_sigma_levels: 0.001}\n");
  const models::GeneratorSettings& settings = plan.generator;
  EXPECT_EQ(plan.lsb_exp, 9);
  EXPECT_EQ(plan.generated, driver::Generated::kOffsets);
  EXPECT_EQ(settings.kind, models::OffsetShape::kTruncated);
  EXPECT_EQ(settings.limit, 640);
  // In 2^-8 of an offset LSB of 2^-9 level.
  EXPECT_EQ(settings.sigma, (std::array<uint16_t, 4>{1311, 2621, 0, 52429}));
  EXPECT_EQ(settings.tolerance, 5);
  EXPECT_EQ(settings.pulses, 30);
  EXPECT_EQ(settings.pulse_step, 655);
  EXPECT_EQ(settings.pulse_sigma, 131);
}

TEST_F(EffectsFile, DriftIsALossOrAPowerLaw) {
  EXPECT_EQ(load("drift: {loss: [0, 0.5, 0.25, 0.99998]}\n").settings.drift_loss,
            (std::array<uint16_t, 4>{0, 32768, 16384, 65535}));
  const EffectsPlan law = load("drift: {nu: [0, 0.1, 0.05, 1], time_ratio: 1000}\n");
  EXPECT_TRUE(law.settings.drift);
  EXPECT_EQ(law.settings.drift_loss[0], 0);
  EXPECT_NEAR(law.settings.drift_loss[1] / 65536.0, 1 - std::pow(1000, -0.1), 1.0 / 65536);
  EXPECT_NEAR(law.settings.drift_loss[2] / 65536.0, 1 - std::pow(1000, -0.05), 1.0 / 65536);
  EXPECT_NEAR(law.settings.drift_loss[3] / 65536.0, 0.999, 1.0 / 65536);
}

TEST_F(EffectsFile, NoiseIsAVarianceAndASlope) {
  const models::EffectSettings settings =
      load("noise: {draw: column, sigma_levels: 0.02, slope_levels: 0.001, seed: 7}\n").settings;
  EXPECT_EQ(settings.noise, models::ReadNoise::kColumn);
  EXPECT_EQ(settings.noise_seed, 7u);
  // (0.02 * 256)^2 in 1/256; 0.001 level^2 for each level is 0.256 of (2^-8 level)^2 for each 2^-8.
  EXPECT_EQ(settings.noise_cell, 6711u);
  EXPECT_EQ(settings.noise_slope, 16777u);
  EXPECT_EQ(load("noise: {draw: cell, sigma_levels: 0, slope_levels: 0, seed: 0}\n").settings.noise,
            models::ReadNoise::kCell);
}

TEST_F(EffectsFile, StuckCellsComeFromAMapOrFromRates) {
  std::vector<uint8_t> map(2 * 8 * 4);
  map[5] = 1;
  map[40] = 2;
  save("stuck.npy", {2, 8, 4}, map);
  const EffectsPlan mapped = load("stuck: {map: stuck.npy}\n");
  EXPECT_TRUE(mapped.settings.stuck);
  EXPECT_EQ(mapped.stuck_map, map);
  EXPECT_FALSE(mapped.generated);
  const EffectsPlan rated = load("stuck: {off_rate: 0.01, on_rate: 0.002}\n");
  EXPECT_EQ(rated.generated, driver::Generated::kStuck);
  EXPECT_EQ(rated.generator.off_rate, 655);
  EXPECT_EQ(rated.generator.on_rate, 131);
}

TEST_F(EffectsFile, AttenuationIsAWireOrTables) {
  const models::EffectSettings wire =
      load("attenuation: {wire_share_per_row: 0.001, wire_share_per_column: 0.01}\n").settings;
  EXPECT_TRUE(wire.attenuation);
  EXPECT_EQ(wire.row_loss, (std::vector<uint16_t>{0, 66, 131, 197, 262, 328, 393, 459}));
  EXPECT_EQ(wire.col_loss, (std::vector<uint16_t>{0, 655, 1311, 1966}));
  save("rows.npy", {8}, std::vector<double>{0, 0.1, 0.2, 0.3, 0.4, 0.49, 0, 0});
  save("cols.npy", {4}, std::vector<double>{0, 0, 0, 0.25});
  const models::EffectSettings tables =
      load("attenuation: {rows: rows.npy, columns: cols.npy}\n").settings;
  EXPECT_EQ(tables.row_loss[5], 32113);
  EXPECT_EQ(tables.col_loss, (std::vector<uint16_t>{0, 0, 0, 16384}));
}

TEST_F(EffectsFile, ConvertersTakeTablesOrDraws) {
  save("gain.npy", {4}, std::vector<double>{-0.01, 0, 0.25, 0.001});
  const EffectsPlan plan = load(
      "adc:\n  offset_levels: {sigma: 0.5, seed: 3}\n  gain_share: {table: gain.npy}\n"
      "  inl_codes: {sigma: 0.5, seed: 3}\n"
      "dac:\n  offset_lsb: {sigma: 2, seed: 3}\n  gain_share: {sigma: 0.02, seed: 3}\n"
      "  inl_lsb: {sigma: 1.5, seed: 4}\n");
  const models::EffectSettings& settings = plan.settings;
  EXPECT_TRUE(settings.adc_gain && settings.adc_inl && settings.dac);
  EXPECT_EQ(settings.adc_gain_error, (std::vector<int16_t>{-655, 0, 16384, 66}));
  EXPECT_EQ(plan.adc_offset.size(), 4u);
  EXPECT_EQ(settings.adc_inl_steps.size(), 64u);
  EXPECT_EQ(settings.dac_offset.size(), 8u);
  EXPECT_EQ(settings.dac_inl.size(), 128u);
  // One seed in two tables gives two tables.
  EXPECT_NE(settings.dac_offset[0] * 128, plan.adc_offset[0] * 2);
  double squares = 0;
  for (const int8_t step : settings.dac_inl) squares += step * step;
  // 128 draws of variance 1.5^2 + 1/12 (rounding): chi-square's 1e-6 quantiles are 0.47 and 1.76.
  EXPECT_GT(squares / 128, 0.47 * (2.25 + 1.0 / 12));
  EXPECT_LT(squares / 128, 1.76 * (2.25 + 1.0 / 12));
  EXPECT_EQ(load("adc: {offset_levels: {sigma: 0.5, seed: 3}}\n").adc_offset, plan.adc_offset);
  EXPECT_NE(load("adc: {offset_levels: {sigma: 0.5, seed: 4}}\n").adc_offset, plan.adc_offset);
}

TEST_F(EffectsFile, AFaultIsNamedAtItsPlace) {
  const std::string file = path().string();
  expect_error("drfit: {loss: [0, 0, 0, 0]}\n",
               file + ":2:1: unknown key 'drfit' in the file; did");
  expect_error("drift: {loss: [0, 0, 0]}\n",
               file + ":2:15: 4 numbers are needed, one for each level; found 3");
  expect_error("drift: {loss: [0, 0, 0, 1]}\n", file + ":2:25: 'loss[3]' must be 0 .. 0.99998");
  expect_error("drift: {loss: [0, 0, 0, 1e-6]}\n",
               "1e-06 is less than half of the tile's step, 1.52588e-05");
  expect_error("drift: {loss: [0, 0, 0, 0], nu: [0, 0, 0, 0], time_ratio: 2}\n",
               file + ":2:8: give either loss or nu and time_ratio");
  expect_error("drift: {nu: [0, 0, 0, 0]}\n", "give either loss or nu and time_ratio");
  expect_error("drift: {nu: [0, 0, 0, 0], time_ratio: 0.5}\n", "'time_ratio' must be 1 .. 1e+18");
  expect_error("noise: {draw: row, sigma_levels: 0, slope_levels: 0, seed: 1}\n",
               "'draw' must be one of cell, column, found 'row'");
  expect_error("noise: {draw: cell, sigma_levels: 1.5, slope_levels: 0, seed: 1}\n",
               "'sigma_levels' must be 0 .. 1");
  expect_error("noise: {draw: cell, sigma_levels: 1e-5, slope_levels: 0, seed: 1}\n",
               "1e-05 is below the tile's smallest noise, 0.000244141");
  expect_error("noise: {draw: cell, sigma_levels: 0, slope_levels: 0, seed: -1}\n",
               "'seed' must be 0 ..");
  expect_error("noise: {draw: cell, sigma_levels: 0, seed: 1}\n",
               "missing key 'slope_levels' in noise");
  expect_error("stuck: {off_rate: 0.6, on_rate: 0.5}\n",
               file + ":2:8: off_rate and on_rate together must be below 1");
  expect_error("stuck: {off_rate: 0.6}\n", "give either map or off_rate and on_rate");
  expect_error("attenuation: {wire_share_per_row: 0.08, wire_share_per_column: 0}\n",
               "'wire_share_per_row' must be 0 .. 0.0714");
  expect_error("offsets: {kind: gaussian, sigma_levels: [0, 0, 0, 0], lsb_exp: 7}\n",
               "'lsb_exp' must be 8 .. 18, found 7");
  expect_error(
      "offsets: {kind: gaussian, sigma_levels: [0, 0, 0, 0], lsb_exp: 8, limit_sigmas: 3}\n",
      "limit_sigmas belongs to truncated and right-censored");
  expect_error("offsets: {kind: truncated, sigma_levels: [0, 0, 0, 0], lsb_exp: 8}\n",
               "missing key 'limit_sigmas'");
  expect_error(
      "offsets: {kind: truncated, sigma_levels: [0, 0, 0, 2], lsb_exp: 8, limit_sigmas: 3}\n",
      "'sigma_levels[3]' must be 0 .. 0.99998");
  expect_error(
      "offsets: {kind: truncated, sigma_levels: [0, 0, 0, 0], lsb_exp: 8, limit_sigmas: 0.4}\n",
      "'limit_sigmas' must be 0.5 .. 15.99");
  expect_error("adc: {gain_share: {sigma: 0.1}}\n", "give a table, or both sigma and seed");
  expect_error("adc: {gain_share: {table: x.npy, seed: 1}}\n",
               "give a table, or sigma and seed, but not both");
  expect_error("adc: {gain_share: {sigma: 0.4, seed: 1}}\n",
               file + ":2:19: with this sigma and seed entry ");
}

TEST_F(EffectsFile, ATableThatDoesNotFitIsNamedWithItsEntry) {
  const auto file = [&](const char* name) { return (folder_.path() / name).string(); };
  save("rows.npy", {8}, std::vector<double>{0, 0, 0, 0.5, 0, 0, 0, 0});
  save("cols.npy", {4}, std::vector<double>{0, 0, 0, 0});
  const std::string keys = "attenuation: {rows: rows.npy, columns: cols.npy}\n";
  expect_error(keys, file("rows.npy") + ": entry 3 is 0.5; the tile holds 0 .. 0.499985",
               ErrorKind::kData);
  save("rows.npy", {8}, std::vector<double>{0, 1e-9, 0, 0, 0, 0, 0, 0});
  expect_error(keys, "entry 1 is 1e-09, and every entry rounds to 0", ErrorKind::kData);
  save("rows.npy", {7}, std::vector<double>(7));
  expect_error(keys, file("rows.npy"), ErrorKind::kData);
  save("rows.npy", {8}, std::vector<double>{0, std::nan(""), 0, 0, 0, 0, 0, 0});
  expect_error(keys, "entry 1 is nan", ErrorKind::kData);
  save("stuck.npy", {2, 8, 4}, std::vector<uint8_t>(64, 3));
  expect_error("stuck: {map: stuck.npy}\n", "entry 0 is 3; legal is 0 free, 1 off, 2 on",
               ErrorKind::kData);
  expect_error("stuck: {map: none.npy}\n", file("none.npy"), ErrorKind::kData);
}

}  // namespace
}  // namespace crucible::experiment
