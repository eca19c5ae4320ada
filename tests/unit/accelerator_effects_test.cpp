// The driver's effects over the in-process device: settings, tables, stuck cells, chips, self-test.
#include <gtest/gtest.h>

#include <functional>

#include "host/driver/accelerator.hpp"
#include "host/port/link_port.hpp"
#include "host/port/refused_error.hpp"
#include "models/tile/self_test.hpp"
#include "models/tile/tile_twin.hpp"
#include "tests/unit/lossy_transport.hpp"
#include "tests/unit/models_support.hpp"
#include "tests/unit/watched_port.hpp"

namespace crucible::driver {
namespace {

using models::testing::Random;
using spec::Op;

std::string message_of(const std::function<void()>& action, ErrorKind kind) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), kind) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "no error";
  return "";
}

void expect_says(const std::string& text, const std::string& part) {
  EXPECT_NE(text.find(part), std::string::npos) << text;
}

class AcceleratorEffects : public testing::Test {
 protected:
  void open(const spec::HardwareConfig& config) {
    auto owned = std::make_unique<port::WatchedPort>(config);
    port_ = owned.get();
    device_ = std::make_unique<Accelerator>(std::move(owned));
    cells_ = device_->identity().geometry.cells();
    port_->log.clear();
  }
  [[nodiscard]] bool wrote(uint32_t address) const {
    return std::any_of(port_->log.begin(), port_->log.end(), [&](const auto& access) {
      return access.op == Op::kWrite && access.address == address;
    });
  }
  [[nodiscard]] std::vector<uint8_t> random_levels(Random& random) const {
    std::vector<uint8_t> levels(cells_);
    for (uint8_t& level : levels) level = static_cast<uint8_t>(random(0, 3));
    return levels;
  }

  port::WatchedPort* port_ = nullptr;
  std::unique_ptr<Accelerator> device_;
  size_t cells_ = 0;
};

models::GeneratorSettings generator() {
  models::GeneratorSettings settings;
  settings.sigma = {5 << 8, 6 << 8, 7 << 8, 8 << 8};
  settings.kind = models::OffsetShape::kTruncated;
  settings.limit = 2 << 8;
  settings.off_rate = 600;
  settings.on_rate = 300;
  settings.seed = 0x1'0000'0007;
  return settings;
}

TEST_F(AcceleratorEffects, ProductsAreTheReferencesWithEveryEffect) {
  for (uint64_t seed = 1; seed <= 24; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    open(spec::kConfigSmall);
    const spec::HardwareConfig& config = spec::kConfigSmall;
    Random random(seed);
    models::BankCells cells = models::testing::random_cells(random, config.rows, config.cols);
    models::testing::add_stuck(random, cells);
    cells.bank = static_cast<uint32_t>(random(0, config.banks - 1));
    models::TileSettings settings =
        models::testing::random_settings(random, config.rows, config.cols);
    settings.effects = models::testing::random_effects(random, config.rows, config.cols);
    const int rows = random(1, config.rows), cols = 4 * random(1, config.cols / 4),
              count = random(1, 60);
    const auto first = static_cast<uint32_t>(random(0, 1'000'000));
    std::vector<uint8_t> levels(cells_), stuck(cells_);
    std::vector<int8_t> offsets(cells_);
    const auto at = static_cast<std::ptrdiff_t>(cells.bank * cells.levels.size());
    std::copy(cells.levels.begin(), cells.levels.end(), levels.begin() + at);
    std::copy(cells.offsets.begin(), cells.offsets.end(), offsets.begin() + at);
    std::copy(cells.stuck.begin(), cells.stuck.end(), stuck.begin() + at);
    const std::vector<uint8_t> x = models::testing::random_inputs(random, count, rows);
    std::vector<int64_t> expected(static_cast<size_t>(count * cols / 4)), got(expected.size());
    models::TileCounters counters;
    models::reference_multiply(cells, rows, cols, settings, first, x, count, expected, counters);

    device_->apply(settings);
    device_->program_levels(levels, config.banks);
    device_->program_stuck(stuck, config.banks);
    device_->write_offsets(offsets, config.banks);
    device_->clear_counters();
    device_->multiply({{static_cast<int>(cells.bank), 0, rows, 0, cols / 4}}, rows, cols / 4, true,
                      first, x, count, got);
    EXPECT_EQ(got, expected);
    const DeviceCounters counted = device_->counters();
    EXPECT_EQ(counted.saturations, counters.saturations);
    EXPECT_EQ(counted.clamps, counters.clamps);
    EXPECT_EQ(counted.reads, counters.reads);
    EXPECT_EQ(device_->read_stuck(config.banks), stuck);
  }
}

TEST_F(AcceleratorEffects, OnlyWhatIsInUseIsSentAndOnlyWhereItChanged) {
  open(spec::kConfigSmall);
  models::TileSettings settings;
  device_->apply(settings);
  for (const uint32_t address : {spec::kRegNoiseSeedLo, spec::kWindowColumnTable,
                                 spec::kWindowRowTable, spec::kWindowAdcInl, spec::kWindowDacInl})
    EXPECT_FALSE(wrote(address)) << port::describe_address(address);
  settings.effects.attenuation = true;
  settings.effects.row_loss.assign(32, 5);
  device_->apply(settings);
  EXPECT_TRUE(wrote(spec::kWindowColumnTable) && wrote(spec::kWindowRowTable));
  EXPECT_FALSE(wrote(spec::kRegNoiseSeedLo) || wrote(spec::kWindowAdcInl));
  port_->log.clear();
  settings.adc.shift = 3;
  device_->apply(settings);
  EXPECT_FALSE(wrote(spec::kWindowRowTable));
  settings.effects.row_loss[3] = 6;
  device_->apply(settings);
  EXPECT_TRUE(wrote(spec::kWindowRowTable));
  EXPECT_FALSE(wrote(spec::kWindowColumnTable));
  EXPECT_EQ(port_->read_word(spec::kWindowRowTable + 12), 6u);
}

TEST_F(AcceleratorEffects, ATableThatDoesNotHoldWhatWasWrittenIsNamed) {
  open(spec::kConfigSmall);
  models::TileSettings settings;
  settings.effects.dac = true;
  settings.effects.dac_inl.assign(16 * 32, 1);
  port_->forge(spec::kWindowDacInl + 20, 0x01010001);
  expect_says(
      message_of([&] { device_->apply(settings); }, ErrorKind::kMismatch),
      "read-back differs: 0x00050014 (DAC_INL word 5) is 0x01010001, 0x01010101 was written");
  settings.effects = {};
  settings.effects.drift = true;
  port_->forge(spec::kRegDrift01, 1);
  expect_says(message_of([&] { device_->apply(settings); }, ErrorKind::kMismatch), "DRIFT_01");
}

TEST_F(AcceleratorEffects, AreAnErrorThatNamesThemWhereTheDeviceHasNone) {
  open(spec::kConfigTiny);
  models::TileSettings settings;
  settings.effects.drift = true;
  settings.effects.noise = models::ReadNoise::kColumn;
  const std::string text = message_of([&] { device_->apply(settings); }, ErrorKind::kUsage);
  expect_says(text, "watched: the device 'tiny' has offsets only");
  expect_says(text, "drift, noise of reads by column are asked of it");
  expect_says(
      message_of([&] { device_->generate(generator(), Generated::kBoth); }, ErrorKind::kUsage),
      "chips from a seed are");
  expect_says(message_of([&] { device_->self_test(SelfTest::kBoth); }, ErrorKind::kUsage),
              "a self-test is");
  expect_says(message_of([&] { device_->program_stuck(std::vector<uint8_t>(cells_), 4); },
                         ErrorKind::kUsage),
              "stuck cells are");
  EXPECT_TRUE(port_->log.empty());
  settings.effects = {};
  EXPECT_NO_THROW(device_->apply(settings));
  EXPECT_EQ(device_->counters().reads, 0u);
}

TEST_F(AcceleratorEffects, RefuseTablesAndStatesThatDoNotFit) {
  open(spec::kConfigSmall);
  models::TileSettings settings;
  settings.effects.attenuation = true;
  settings.effects.row_loss.assign(31, 0);
  expect_says(message_of([&] { device_->apply(settings); }, ErrorKind::kUsage),
              "row attenuation: 31 entries for a tile that takes 32");
  settings.effects.row_loss.assign(32, 0x8000);
  expect_says(message_of([&] { device_->apply(settings); }, ErrorKind::kUsage),
              "row 0: the attenuation is 32768 of 2^-16, legal is 0 .. 32767");
  settings.effects = {};
  settings.effects.noise = models::ReadNoise::kCell;
  settings.effects.noise_slope = 1 << 24;
  expect_says(message_of([&] { device_->apply(settings); }, ErrorKind::kUsage),
              "NOISE_SLOPE: the variance is 16777216, legal is 0 .. 16777215");
  std::vector<uint8_t> stuck(cells_);
  stuck[32 * 16 + 17] = 3;
  expect_says(message_of([&] { device_->program_stuck(stuck, 16); }, ErrorKind::kUsage),
              "stuck state 3 of bank 1, row 1, column 1; legal is 0 free, 1 off, 2 on");
}

TEST_F(AcceleratorEffects, GeneratedChipsAreTheModels) {
  open(spec::kConfigSmall);
  Random random(4);
  const std::vector<uint8_t> levels = random_levels(random);
  device_->program_levels(levels, 16);
  models::GeneratorSettings settings = generator();
  settings.pulses = 5;
  settings.tolerance = 2;
  settings.pulse_step = 2 << 8;
  settings.pulse_sigma = 1 << 8;
  device_->clear_counters();
  device_->generate(settings, Generated::kBoth);
  uint64_t pulses = 0, unverified = 0;
  EXPECT_EQ(device_->read_offsets(16),
            models::generate_offsets(levels, settings, pulses, unverified));
  EXPECT_EQ(device_->read_stuck(16), models::generate_stuck(cells_, settings));
  EXPECT_EQ(device_->counters().pulses, pulses);
  EXPECT_EQ(device_->counters().unverified, unverified);
  EXPECT_GT(pulses, 0u);
  // The driver knows that the offsets are not those that it wrote.
  EXPECT_GT(device_->update_offsets(std::vector<int8_t>(cells_), 16), 0u);
  EXPECT_NO_THROW(device_->verify_offsets(std::vector<int8_t>(cells_), 16));
}

TEST_F(AcceleratorEffects, ASelfTestSaysWhatTheDeviceFound) {
  open(spec::kConfigSmall);
  models::TileSettings settings;
  settings.adc = {false, 8, 6};
  settings.adc_offset.assign(16, 300);
  device_->apply(settings);
  const SelfTestResult sound = device_->self_test(SelfTest::kBoth);
  const models::RampResult ramp = models::adc_ramp(settings, 16);
  EXPECT_TRUE(sound.march_done && !sound.march_failed && sound.ramp_done);
  EXPECT_EQ(sound.ramp_worst, static_cast<int>(ramp.worst));
  EXPECT_EQ(sound.ramp_differing, static_cast<int>(ramp.differing));
  EXPECT_GT(sound.ramp_worst, 0);
  port_->forge(spec::kRegSelftestResult, spec::kSelftestResultMarchDoneMask |
                                             spec::kSelftestResultMarchFailedMask | 10u << 4);
  port_->forge(spec::kRegSelftestAddr, 7);
  const SelfTestResult broken = device_->self_test(SelfTest::kMarch);
  EXPECT_TRUE(broken.march_failed);
  EXPECT_EQ(broken.wrong_word, spec::kWindowStuck + 28);
}

TEST(AcceleratorOverALink, AChipOfACampaignCosts32Bytes) {
  auto wire = std::make_unique<port::LossyTransport>(
      std::make_shared<port::LinkDevice>(spec::kConfigSmall), port::Damage{});
  Accelerator device(std::make_unique<port::LinkPort>(std::move(wire)));
  models::GeneratorSettings settings = generator();
  const GenerationTraffic first = device.generate(settings, Generated::kBoth);
  EXPECT_EQ(first.settings_bytes, 20u + 7 * 4 + 4 + 20);  // write and read-back
  EXPECT_EQ(first.chip_bytes, 32u);
  for (int chip = 0; chip < 5; ++chip) {
    ++settings.seed;
    const GenerationTraffic next = device.generate(settings, Generated::kBoth);
    EXPECT_EQ(next.settings_bytes, 0u);
    EXPECT_EQ(next.chip_bytes, 32u);
    EXPECT_EQ(next.wait_bytes, 20u);
  }
  settings.seed += uint64_t{1} << 32;
  EXPECT_GT(device.generate(settings, Generated::kBoth).settings_bytes, 0u);
}

}  // namespace
}  // namespace crucible::driver
