#include "host/driver/accelerator.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <random>

#include "models/tile/tile_twin.hpp"
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

class AcceleratorTest : public testing::Test {
 protected:
  void open(const spec::HardwareConfig& config) {
    auto owned = std::make_unique<port::WatchedPort>(config);
    port_ = owned.get();
    device_ = std::make_unique<Accelerator>(std::move(owned));
    cells_ = device_->identity().geometry.cells();
    port_->log.clear();
  }
  [[nodiscard]] size_t words_written() const {
    size_t words = 0;
    for (const auto& access : port_->log)
      words += access.op == Op::kWrite || access.op == Op::kWriteFixed ? access.words : 0;
    return words;
  }

  port::WatchedPort* port_ = nullptr;
  std::unique_ptr<Accelerator> device_;
  size_t cells_ = 0;
};

TEST_F(AcceleratorTest, WritesOnlySettingsThatChanged) {
  open(spec::kConfigSmall);
  models::TileSettings settings;
  settings.inject = true;
  settings.lsb_exp = 12;
  settings.base = 32;
  settings.adc = {false, 9, 7};
  settings.adc_offset = {-3, 4};
  device_->apply(settings);
  EXPECT_EQ(device_->port().read_word(spec::kRegInject), 12u << 8 | 1);
  EXPECT_EQ(device_->port().read_word(spec::kRegBase), 32u);
  EXPECT_EQ(device_->port().read_word(spec::kRegAdc), 9 | 7u << 8);
  EXPECT_EQ(device_->port().read_word(spec::kWindowAdcOffset), 0xFFFFFFFDu);
  port_->log.clear();
  device_->apply(settings);
  EXPECT_TRUE(port_->log.empty());
  settings.adc.shift = 10;
  device_->apply(settings);
  EXPECT_EQ(words_written(), 4u);  // INJECT .. EFFECTS
}

TEST_F(AcceleratorTest, ForgetsSettingsThatDidNotArrive) {
  open(spec::kConfigSmall);
  models::TileSettings settings;
  device_->apply(settings);
  settings.lsb_exp = 7;  // illegal: the device refuses
  message_of([&] { device_->apply(settings); }, ErrorKind::kDevice);
  settings.lsb_exp = 8;
  port_->log.clear();
  device_->apply(settings);
  EXPECT_GT(words_written(), 0u);
}

TEST_F(AcceleratorTest, ProgramsAndVerifiesEveryCell) {
  for (const spec::HardwareConfig& config : {spec::kConfigTiny, spec::kConfigSmall}) {
    open(config);
    Random random(1);
    std::vector<uint8_t> levels(cells_);
    for (uint8_t& level : levels) level = static_cast<uint8_t>(random(0, 3));
    device_->program_levels(levels, config.banks);
    EXPECT_NO_THROW(device_->verify_levels(levels, config.banks));
    const size_t cell =
        (size_t{2} * static_cast<size_t>(config.rows) + 5) * static_cast<size_t>(config.cols) + 3;
    levels[cell] ^= 1;
    const std::string message =
        message_of([&] { device_->verify_levels(levels, config.banks); }, ErrorKind::kMismatch);
    EXPECT_NE(message.find("the level of bank 2, row 5, column 3 is"), std::string::npos)
        << message;
    EXPECT_NE(message.find("1 of"), std::string::npos) << message;
    EXPECT_NO_THROW(device_->verify_levels(levels, 2));
  }
}

TEST_F(AcceleratorTest, ProgrammingACellThatDoesNotHoldItsLevelIsAMismatch) {
  open(spec::kConfigTiny);
  port_->forge(spec::kWindowLevel, 0);
  const std::string message = message_of(
      [&] { device_->program_levels(std::vector<uint8_t>(cells_, 3), 1); }, ErrorKind::kMismatch);
  EXPECT_NE(message.find("the level of bank 0, row 0, column 0 is 0, 3 was written"),
            std::string::npos)
      << message;
}

TEST_F(AcceleratorTest, RefusesCellsThatDoNotFitTheTile) {
  open(spec::kConfigTiny);
  message_of([&] { device_->program_levels(std::vector<uint8_t>(cells_), 5); }, ErrorKind::kUsage);
  message_of([&] { device_->write_offsets(std::vector<int8_t>(10), 1); }, ErrorKind::kUsage);
  message_of([&] { device_->program_levels(std::vector<uint8_t>(cells_, 4), 4); },
             ErrorKind::kUsage);
  EXPECT_TRUE(port_->log.empty());
}

TEST_F(AcceleratorTest, UpdatesOnlyOffsetsThatDiffer) {
  open(spec::kConfigSmall);
  std::vector<int8_t> offsets(cells_, 1);
  device_->write_offsets(offsets, 16);
  port_->log.clear();
  EXPECT_EQ(device_->update_offsets(offsets, 16), 0u);
  EXPECT_TRUE(port_->log.empty());
  offsets[7] = -4;
  offsets[5000] = 9;
  EXPECT_EQ(device_->update_offsets(offsets, 16), 2u);
  EXPECT_EQ(words_written(), 2u);
  EXPECT_NO_THROW(device_->verify_offsets(offsets, 16));
}

TEST_F(AcceleratorTest, ReadsOffsetsThatAnotherProgramLeft) {
  open(spec::kConfigTiny);
  device_->port().write_word(spec::kWindowOffset, 0x01020304);
  std::vector<int8_t> offsets(cells_);
  EXPECT_EQ(device_->update_offsets(offsets, 4), 4u);
  EXPECT_NO_THROW(device_->verify_offsets(offsets, 4));
}

TEST_F(AcceleratorTest, AnUpdateThatFailedHalfWayIsNotTakenForDone) {
  open(spec::kConfigTiny);
  std::vector<int8_t> offsets(cells_);
  device_->write_offsets(offsets, 4);
  offsets[3] = 1;
  port_->fail_next(Op::kWriteFixed);
  message_of([&] { device_->update_offsets(offsets, 4); }, ErrorKind::kDevice);
  EXPECT_EQ(device_->update_offsets(offsets, 4), 1u);
  EXPECT_NO_THROW(device_->verify_offsets(offsets, 4));
}

TEST_F(AcceleratorTest, ProductsAreTheReferencesWhateverTheCount) {
  for (const spec::HardwareConfig& config : {spec::kConfigTiny, spec::kConfigSmall}) {
    open(config);
    for (uint64_t seed = 1; seed <= 8; ++seed) {
      SCOPED_TRACE(testing::Message() << config.name << ", seed " << seed);
      Random random(seed);
      const models::BankCells cells =
          models::testing::random_cells(random, config.rows, config.cols);
      models::TileSettings settings =
          models::testing::random_settings(random, config.rows, config.cols);
      settings.adc.transparent = seed % 2 == 0;
      const int rows = random(1, config.rows), cols = 4 * random(1, config.cols / 4),
                count = random(1, 300);
      device_->apply(settings);
      std::vector<uint8_t> levels(cells_);
      std::vector<int8_t> offsets(cells_);
      const auto bank = static_cast<size_t>(random(0, config.banks - 1));
      std::copy(cells.levels.begin(), cells.levels.end(),
                levels.begin() + static_cast<std::ptrdiff_t>(bank * cells.levels.size()));
      std::copy(cells.offsets.begin(), cells.offsets.end(),
                offsets.begin() + static_cast<std::ptrdiff_t>(bank * cells.levels.size()));
      device_->program_levels(levels, config.banks);
      device_->update_offsets(offsets, config.banks);
      std::vector<uint8_t> x(static_cast<size_t>(rows * count));
      for (uint8_t& value : x) value = static_cast<uint8_t>(random(0, 255));
      std::vector<int64_t> expected(static_cast<size_t>(count * cols / 4)), got(expected.size());
      models::TileCounters counters;
      models::reference_multiply(cells, rows, cols, settings, 0, x, count, expected, counters);
      device_->clear_counters();
      device_->multiply(static_cast<int>(bank), rows, cols, settings.adc.transparent, x, count,
                        got);
      EXPECT_EQ(got, expected);
      const DeviceCounters counted = device_->counters();
      EXPECT_EQ(counted.products, counters.products);
      EXPECT_EQ(counted.saturations, counters.saturations);
      EXPECT_GT(counted.cycles, 0u);
    }
  }
}

TEST_F(AcceleratorTest, AVectorLongerThanTheInputBufferIsSentInBlocks) {
  open(spec::kConfigTiny);  // 256 inputs fit
  Random random(3);
  const models::BankCells cells = models::testing::random_cells(random, 16, 4);
  std::vector<uint8_t> levels = cells.levels;
  std::vector<int8_t> offsets = cells.offsets;
  device_->program_levels(levels, 1);
  device_->write_offsets(offsets, 1);
  models::TileSettings settings;
  settings.inject = true;
  settings.adc.transparent = true;
  device_->apply(settings);
  std::vector<models::BankPlacement> blocks;
  constexpr int kInputs = 300, kCount = 3;
  for (int first = 0; first < kInputs; first += 16)
    blocks.push_back({0, first, std::min(16, kInputs - first), 0, 1});
  const std::vector<uint8_t> x = models::testing::random_inputs(random, kCount, kInputs);
  std::vector<int64_t> expected(kCount), got(kCount);
  for (const models::BankPlacement& block : blocks) {
    for (size_t k = 0; k < kCount; ++k) {
      int64_t result = 0;
      models::TileCounters counters;
      models::reference_multiply(
          cells, block.inputs, 4, settings, 0,
          std::span(x).subspan(k * kInputs + static_cast<size_t>(block.first_input),
                               static_cast<size_t>(block.inputs)),
          1, {&result, 1}, counters);
      expected[k] += result;
    }
  }
  device_->multiply(blocks, kInputs, 1, true, 0, x, kCount, got);
  EXPECT_EQ(got, expected);
}

TEST_F(AcceleratorTest, RefusesProductsThatDoNotFit) {
  open(spec::kConfigTiny);
  const std::vector<uint8_t> x(16);
  std::vector<int64_t> out(1);
  message_of([&] { device_->multiply(4, 16, 4, false, x, 1, out); }, ErrorKind::kUsage);
  message_of([&] { device_->multiply(0, 16, 5, false, x, 1, out); }, ErrorKind::kUsage);
  message_of([&] { device_->multiply(0, 16, 4, false, x, 2, out); }, ErrorKind::kUsage);
  message_of([&] { device_->multiply(0, 16, 8, false, x, 1, out); }, ErrorKind::kUsage);
  EXPECT_TRUE(port_->log.empty());
}

TEST_F(AcceleratorTest, LeavesTheDeviceIdleAfterAnError) {
  std::vector<int64_t> out(1);
  size_t waits = 0;
  // The port dies with the device; what it saw is told when it goes.
  struct Last final : port::IPort {
    Last(std::unique_ptr<port::WatchedPort> inner, size_t& count)
        : port(std::move(inner)), seen(count) {}
    ~Last() override {
      for (const auto& access : port->log) seen += access.op == Op::kWaitIdle ? 1 : 0;
    }
    void read(uint32_t address, std::span<uint32_t> words) override { port->read(address, words); }
    void write(uint32_t address, std::span<const uint32_t> words) override {
      port->write(address, words);
    }
    void write_fixed(uint32_t address, std::span<const uint32_t> words) override {
      port->write_fixed(address, words);
    }
    void wait_idle(uint32_t cycles) override { port->wait_idle(cycles); }
    [[nodiscard]] port::PortStatistics statistics() const override { return port->statistics(); }
    [[nodiscard]] std::string describe() const override { return "last"; }
    std::unique_ptr<port::WatchedPort> port;
    size_t& seen;
  };
  auto inner = std::make_unique<port::WatchedPort>(spec::kConfigTiny);
  port::WatchedPort& watched = *inner;
  {
    Accelerator device(std::make_unique<Last>(std::move(inner), waits));
    watched.log.clear();
    watched.fail_next(Op::kWaitIdle);
    message_of([&] { device.multiply(0, 16, 4, false, std::vector<uint8_t>(16), 1, out); },
               ErrorKind::kDevice);
  }
  EXPECT_EQ(waits, 2u);  // the one that failed, and the one of the end
}

}  // namespace
}  // namespace crucible::driver
