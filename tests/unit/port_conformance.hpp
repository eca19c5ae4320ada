// What every device behind a port must do, whatever it is made of. Include it in one source file of
// a test program and instantiate:
//   INSTANTIATE_TEST_SUITE_P(Model, PortConformance, testing::Values(PortCase{"model:small", [] {
//   return ...; }}), port_case_name);
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "host/port/i_port.hpp"
#include "host/port/refused_error.hpp"
#include "models/tile/tile_twin.hpp"
#include "spec/gen/crucible_spec.hpp"

namespace crucible::port {

struct PortCase {
  std::string name;
  std::function<std::unique_ptr<IPort>()> open;  ///< a device after reset
};

inline std::string port_case_name(const testing::TestParamInfo<PortCase>& info) {
  std::string name = info.param.name;
  std::replace_if(
      name.begin(), name.end(),
      [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
  return name;
}

class PortConformance : public testing::TestWithParam<PortCase> {
 protected:
  using Words = std::vector<uint32_t>;
  static constexpr uint32_t kPatience = 10'000'000;  ///< cycles, more than any job here takes
  static constexpr uint32_t kSeed = 20'261'123;

  void SetUp() override {
    port_ = GetParam().open();
    const uint32_t hash = port_->read_word(spec::kRegConfigHash);
    const auto known =
        std::find_if(spec::kConfigs.begin(), spec::kConfigs.end(),
                     [&](const spec::HardwareConfig& config) { return config.hash == hash; });
    ASSERT_NE(known, spec::kConfigs.end()) << "CONFIG_HASH 0x" << std::hex << hash;
    config_ = *known;
    port_->write_word(spec::kRegError, ~0u);
  }

  Words read(uint32_t address, size_t count) {
    Words words(count);
    port_->read(address, words);
    return words;
  }

  static constexpr uint32_t word(uint32_t base, size_t index) {
    return base + static_cast<uint32_t>(4 * index);
  }

  /// The refusal of what `access` does; fails the test when there is none.
  RefusedFrame refusal(const std::function<void()>& access) {
    try {
      access();
    } catch (const RefusedError& error) {
      return error.frame();
    }
    ADD_FAILURE() << "not refused";
    return {};
  }

  void expect_refused(spec::Status status, uint32_t detail, const std::function<void()>& access) {
    const RefusedFrame frame = refusal(access);
    EXPECT_EQ(spec::status_name(frame.status), spec::status_name(status));
    EXPECT_EQ(frame.detail, detail)
        << std::hex << "0x" << frame.detail << " instead of 0x" << detail;
  }

  [[nodiscard]] size_t size(int value) const { return static_cast<size_t>(value); }
  [[nodiscard]] size_t level_cells() const { return size(std::min(16, config_.cols)); }
  [[nodiscard]] size_t rows_of_all_banks() const {
    return size(config_.banks) * size(config_.rows);
  }

  /// JOB_BANK .. JOB_START.
  using Job = std::array<uint32_t, 8>;
  /// As many products as fit, all of the same vector: takes at least out_words / (cols / 4) * rows
  /// cycles.
  [[nodiscard]] Job longest_job() const {
    return {0,
            static_cast<uint32_t>(config_.rows),
            static_cast<uint32_t>(config_.cols),
            static_cast<uint32_t>(config_.out_words / (config_.cols / 4)),
            0,
            0,
            0,
            1};
  }

  Words random_words(size_t count, uint32_t mask = ~0u) {
    Words words(count);
    for (uint32_t& value : words) value = random_() & mask;
    return words;
  }
  int random_in(int low, int high) {
    return std::uniform_int_distribution<int>(low, high)(random_);
  }

  std::unique_ptr<IPort> port_;
  spec::HardwareConfig config_{};
  std::mt19937 random_{kSeed};
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(PortConformance);

TEST_P(PortConformance, TellsItsIdentity) {
  const Words words = read(spec::kRegMagic, 8);
  const auto u = [](int value) { return static_cast<uint32_t>(value); };
  EXPECT_EQ(words[0], spec::kMagicValue);
  EXPECT_EQ(words[1], spec::kMapMinor | spec::kMapMajor << 8 | spec::kProtocolVersion << 16);
  EXPECT_EQ(words[2], spec::kMapHash);
  EXPECT_EQ(words[3], config_.hash);
  EXPECT_EQ(words[4], u(config_.rows) | u(config_.cols) << 16);
  EXPECT_EQ(words[5], u(config_.banks) | u(config_.in_bits) << 16 | u(config_.cell_bits) << 20 |
                          u(config_.slices) << 24 | u(config_.offset_bits) << 28);
  EXPECT_EQ(words[6], u(config_.in_words) | u(config_.out_words) << 16);
  EXPECT_EQ(words[7], u(config_.kept) | u(config_.max_payload) << 16);
}

TEST_P(PortConformance, StartsWithTheResetValues) {
  EXPECT_EQ(port_->read_word(spec::kRegScratch), spec::kScratchReset);
  EXPECT_EQ(port_->read_word(spec::kRegStatus), 0u);
  EXPECT_EQ(port_->read_word(spec::kRegInject), spec::kInjectReset);
  EXPECT_EQ(port_->read_word(spec::kRegBase), spec::kBaseReset);
  EXPECT_EQ(port_->read_word(spec::kRegAdc), spec::kAdcReset);
  EXPECT_EQ(read(spec::kRegJobBank, 7), Words(7, 0));
}

TEST_P(PortConformance, ScratchHoldsWhatWasWritten) {
  for (const uint32_t value : {0u, ~0u, 0xA5C35A7Eu, 0x12345678u}) {
    port_->write_word(spec::kRegScratch, value);
    EXPECT_EQ(port_->read_word(spec::kRegScratch), value);
  }
}

TEST_P(PortConformance, RefusesAddressesWhereNothingIs) {
  for (const uint32_t address :
       {0x34u, 0x4Cu, 0x84u, 0x8Cu, 0xFCu, 0x100u, 0x21u, 0x22u, spec::kWindowInput + 2,
        0x0000FFFCu, 0x00400000u, 0x04000000u, 0xFFFFFFFCu}) {
    expect_refused(spec::Status::kBadAddress, address,
                   [&] { std::ignore = port_->read_word(address); });
    expect_refused(spec::Status::kBadAddress, address, [&] { port_->write_word(address, 0); });
  }
}

TEST_P(PortConformance, NamesTheFirstAddressBehindAWindow) {
  const struct {
    uint32_t base;
    size_t words;
  } windows[] = {{spec::kWindowAdcOffset, size(config_.cols)},
                 {spec::kWindowInput, size(config_.in_words)},
                 {spec::kWindowOutputLo, size(config_.out_words)},
                 {spec::kWindowOutputHi, size(config_.out_words)},
                 {spec::kWindowLevel, rows_of_all_banks() * (size(config_.cols) / level_cells())},
                 {spec::kWindowOffset, rows_of_all_banks() * size(config_.cols) / 4}};
  for (const auto& [base, words] : windows) {
    EXPECT_NO_THROW(read(word(base, words - 1), 1));
    expect_refused(spec::Status::kBadAddress, word(base, words),
                   [&] { read(word(base, words - 2), 4); });
  }
}

TEST_P(PortConformance, RefusesWritesToReadOnlyAndReadsOfWriteOnly) {
  for (const uint32_t address :
       {spec::kRegMagic, spec::kRegVersion, spec::kRegLinkInfo, spec::kRegStatus,
        spec::kRegErrorAddr, spec::kRegCyclesLo, spec::kRegBusyCycles, spec::kWindowOutputLo,
        spec::kWindowOutputHi}) {
    expect_refused(spec::Status::kAccess, address, [&] { port_->write_word(address, 0); });
  }
  for (const uint32_t address : {spec::kRegCtrl, spec::kRegJobStart, spec::kRegCellPoke}) {
    expect_refused(spec::Status::kAccess, address,
                   [&] { std::ignore = port_->read_word(address); });
  }
}

TEST_P(PortConformance, RefusesValuesOutsideTheirRange) {
  const struct {
    uint32_t address, value;
  } illegal[] = {{spec::kRegInject, 7u << 8},
                 {spec::kRegInject, 19u << 8},
                 {spec::kRegInject, 8u << 8 | 2},
                 {spec::kRegInject, 0x80000800},
                 {spec::kRegBase, 256},
                 {spec::kRegAdc, 8u << 8 | 28},
                 {spec::kRegAdc, 0},
                 {spec::kRegAdc, 13u << 8},
                 {spec::kRegAdc, 8u << 8 | 1u << 17},
                 {spec::kRegAdc, 8u << 8 | 32},
                 {spec::kRegJobBank, 0x10000},
                 {spec::kRegJobOut, 0x80000000},
                 {spec::kRegCtrl, 2},
                 {spec::kRegJobStart, 2}};
  for (const auto& [address, value] : illegal) {
    SCOPED_TRACE(testing::Message() << describe_address(address) << " = 0x" << std::hex << value);
    expect_refused(spec::Status::kBadValue, address, [&] { port_->write_word(address, value); });
  }
  EXPECT_EQ(port_->read_word(spec::kRegInject), spec::kInjectReset);
  EXPECT_EQ(port_->read_word(spec::kRegAdc), spec::kAdcReset);
}

TEST_P(PortConformance, TakesTheEndsOfEveryLegalRange) {
  const struct {
    uint32_t address, value;
  } legal[] = {{spec::kRegInject, 8u << 8},
               {spec::kRegInject, 18u << 8 | 1},
               {spec::kRegBase, 255},
               {spec::kRegAdc, 1u << 8},
               {spec::kRegAdc, 12u << 8 | 27 | 1u << 16},
               {spec::kRegJobCount, 0xFFFF}};
  for (const auto& [address, value] : legal) {
    port_->write_word(address, value);
    EXPECT_EQ(port_->read_word(address), value);
  }
}

TEST_P(PortConformance, ARefusedFrameChangesNothing) {
  const Words settings{18u << 8 | 1, 17, 0};  // the last one, ADC, is illegal
  expect_refused(spec::Status::kBadValue, spec::kRegAdc,
                 [&] { port_->write(spec::kRegInject, settings); });
  EXPECT_EQ(port_->read_word(spec::kRegInject), spec::kInjectReset);
  EXPECT_EQ(port_->read_word(spec::kRegBase), spec::kBaseReset);

  const uint32_t last = word(spec::kWindowInput, size(config_.in_words) - 1);
  port_->write_word(last, 0x01020304);
  expect_refused(spec::Status::kBadAddress, last + 4, [&] { port_->write(last, Words{5, 6}); });
  EXPECT_EQ(port_->read_word(last), 0x01020304u);

  port_->write_word(spec::kWindowOffset, 0);
  const auto cells = static_cast<uint32_t>(rows_of_all_banks() * size(config_.cols));
  const uint32_t bad = cells << 8 | 1;
  expect_refused(spec::Status::kBadValue, bad, [&] {
    port_->write_fixed(spec::kRegCellPoke, Words{1, 1u << 8 | 2, bad});
  });
  EXPECT_EQ(port_->read_word(spec::kWindowOffset), 0u);
}

TEST_P(PortConformance, ErrorBitsStickUntilTheyAreClearedAndTheFirstAddressIsKept) {
  EXPECT_EQ(port_->read_word(spec::kRegError), 0u);
  refusal([&] { port_->write_word(spec::kRegBase, 256); });
  refusal([&] { std::ignore = port_->read_word(0x84); });
  refusal([&] { port_->write_word(spec::kRegMagic, 0); });
  EXPECT_EQ(port_->read_word(spec::kRegError),
            spec::kErrorBadValueMask | spec::kErrorBadAddressMask | spec::kErrorAccessMask);
  EXPECT_EQ(port_->read_word(spec::kRegErrorAddr), spec::kRegBase);
  port_->write_word(spec::kRegError, spec::kErrorBadAddressMask);
  EXPECT_EQ(port_->read_word(spec::kRegError), spec::kErrorBadValueMask | spec::kErrorAccessMask);
  port_->write_word(spec::kRegError, ~0u);
  EXPECT_EQ(port_->read_word(spec::kRegError), 0u);
  refusal([&] { std::ignore = port_->read_word(0x8C); });
  EXPECT_EQ(port_->read_word(spec::kRegErrorAddr), 0x8Cu);
}

TEST_P(PortConformance, WindowsHoldWhatWasWritten) {
  const uint32_t level_mask = level_cells() < 16 ? (1u << (2 * level_cells())) - 1 : ~0u;
  const struct {
    uint32_t base;
    size_t words;
    uint32_t mask;
  } windows[] = {
      {spec::kWindowInput, size(config_.in_words), ~0u},
      {spec::kWindowLevel, rows_of_all_banks() * (size(config_.cols) / level_cells()), level_mask},
      {spec::kWindowOffset, rows_of_all_banks() * size(config_.cols) / 4, ~0u}};
  std::vector<Words> expected;
  for (const auto& [base, words, mask] : windows) {
    expected.push_back(random_words(words, mask));
    port_->write(base, expected.back());
  }
  for (size_t i = 0; i < expected.size(); ++i) {
    const auto& [base, words, mask] = windows[i];
    EXPECT_EQ(read(base, words), expected[i]) << describe_address(base) << ", seed " << kSeed;
    for (int burst = 0; burst < 20; ++burst) {
      const auto first = static_cast<size_t>(random_in(0, static_cast<int>(words) - 1));
      const auto count =
          std::min(words - first, static_cast<size_t>(random_in(1, config_.max_payload)));
      const Words change = random_words(count, mask);
      port_->write(word(base, first), change);
      std::copy(change.begin(), change.end(),
                expected[i].begin() + static_cast<std::ptrdiff_t>(first));
    }
  }
  for (size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(read(windows[i].base, windows[i].words), expected[i])
        << describe_address(windows[i].base) << ", seed " << kSeed;
  }
}

TEST_P(PortConformance, AdcOffsetsAreReadBackSigned) {
  Words expected;
  for (int c = 0; c < config_.cols; ++c) {
    expected.push_back(static_cast<uint32_t>(int32_t{static_cast<int16_t>(random_())}));
  }
  port_->write(spec::kWindowAdcOffset, expected);
  EXPECT_EQ(read(spec::kWindowAdcOffset, expected.size()), expected);
}

TEST_P(PortConformance, PokesChangeOneCellEach) {
  const size_t words = rows_of_all_banks() * size(config_.cols) / 4;
  Words expected = random_words(words);
  port_->write(spec::kWindowOffset, expected);
  Words pokes;
  for (int i = 0; i < 3 * config_.max_payload / 2; ++i) {
    const auto cell = static_cast<uint32_t>(random_in(0, static_cast<int>(4 * words) - 1));
    const uint32_t offset = random_() & 0xFF;
    pokes.push_back(cell << 8 | offset);
    expected[cell / 4] =
        (expected[cell / 4] & ~(0xFFu << (8 * (cell % 4)))) | offset << (8 * (cell % 4));
  }
  port_->write_fixed(spec::kRegCellPoke, pokes);
  EXPECT_EQ(read(spec::kWindowOffset, words), expected) << "seed " << kSeed;
}

TEST_P(PortConformance, ABurstThatIsRefusedHalfWaySaysHowFarItGot) {
  const auto frame = size(config_.max_payload);
  const size_t first = size(config_.in_words) - frame - 12;
  port_->write(word(spec::kWindowInput, first), Words(frame + 12, 7));
  const RefusedFrame refused =
      refusal([&] { port_->write(word(spec::kWindowInput, first), Words(2 * frame, 9)); });
  EXPECT_EQ(refused.status, spec::Status::kBadAddress);
  EXPECT_EQ(refused.detail, word(spec::kWindowInput, size(config_.in_words)));
  EXPECT_EQ(refused.words_done, frame);
  EXPECT_EQ(refused.step_words, 2 * frame);
  Words expected(frame, 9);
  expected.resize(frame + 12, 7);
  EXPECT_EQ(read(word(spec::kWindowInput, first), frame + 12), expected);
}

TEST_P(PortConformance, RefusesJobsThatDoNotFit) {
  const auto u = [](int value) { return static_cast<uint32_t>(value); };
  const Job good{0, u(config_.rows), u(config_.cols), 1, 0, 1, 0, 1};
  const uint32_t vector = u(config_.rows) / 4, result = u(config_.cols) / 4;
  const std::vector<std::pair<size_t, uint32_t>> changes = {{0, u(config_.banks)},
                                                            {1, 0},
                                                            {1, u(config_.rows) + 1},
                                                            {2, 0},
                                                            {2, 2},
                                                            {2, u(config_.cols) + 4},
                                                            {3, 0},
                                                            {3, 0xFFFF},
                                                            {4, u(config_.in_words) - vector + 1},
                                                            {4, 0xFFFF},
                                                            {6, u(config_.out_words) - result + 1},
                                                            {6, 0xFFFF}};
  const Words before = read(spec::kRegJobBank, 7);
  port_->write_word(spec::kRegCtrl, 1);
  for (const auto& [index, value] : changes) {
    SCOPED_TRACE(testing::Message() << "JOB word " << index << " = " << value);
    Job job = good;
    job[index] = value;
    expect_refused(spec::Status::kBadValue, spec::kRegJobStart,
                   [&] { port_->write(spec::kRegJobBank, job); });
    EXPECT_EQ(read(spec::kRegJobBank, 7), before);
  }
  Job far = good;  // the last vector of two
  far[3] = 2;
  far[5] = u(config_.in_words) - vector + 1;
  expect_refused(spec::Status::kBadValue, spec::kRegJobStart,
                 [&] { port_->write(spec::kRegJobBank, far); });
  far[5] = 0xFFFF;
  expect_refused(spec::Status::kBadValue, spec::kRegJobStart,
                 [&] { port_->write(spec::kRegJobBank, far); });
  EXPECT_EQ(port_->read_word(spec::kRegProducts), 0u);
  far[5] = u(config_.in_words) - vector;
  EXPECT_NO_THROW(port_->write(spec::kRegJobBank, far));
  port_->wait_idle(kPatience);
  EXPECT_EQ(port_->read_word(spec::kRegProducts), 2u);
}

TEST_P(PortConformance, ARunningJobRefusesAccess) {
  const Job job = longest_job();
  Words one{0};
  const struct {
    Step step;
    uint32_t detail;
  } refused[] = {{Step::write(spec::kWindowInput, one), spec::kWindowInput},
                 {Step::write(spec::kWindowOffset, one), spec::kWindowOffset},
                 {Step::read(spec::kWindowOutputLo, one), spec::kWindowOutputLo},
                 {Step::write(spec::kRegBase, one), spec::kRegBase},
                 {Step::read(spec::kRegAdc, one), spec::kRegAdc},
                 {Step::write(spec::kRegJobBank, one), spec::kRegJobBank},
                 {Step::write(spec::kRegJobStart, one), spec::kRegJobStart},
                 {Step::write_fixed(spec::kRegCellPoke, one), spec::kRegCellPoke}};
  for (const auto& [step, detail] : refused) {
    SCOPED_TRACE(describe_address(detail));
    const std::array<Step, 2> steps{Step::write(spec::kRegJobBank, job), step};
    expect_refused(spec::Status::kBusy, detail, [&] { port_->run(steps); });
    port_->wait_idle(kPatience);
  }
  const std::array<Step, 2> allowed{Step::write(spec::kRegJobBank, job),
                                    Step::read(spec::kRegStatus, one)};
  port_->run(allowed);
  EXPECT_EQ(one[0], 1u);
  port_->wait_idle(kPatience);
  EXPECT_EQ(port_->read_word(spec::kRegStatus), 0u);
}

TEST_P(PortConformance, AJobCannotBeStartedTwiceInAFrame) {
  port_->write_word(spec::kRegCtrl, 1);
  const Job job = longest_job();
  port_->write(spec::kRegJobBank, std::span(job).first(7));
  expect_refused(spec::Status::kBusy, spec::kRegJobStart, [&] {
    port_->write_fixed(spec::kRegJobStart, Words{1, 1});
  });
  EXPECT_EQ(port_->read_word(spec::kRegProducts), 0u);
  EXPECT_NO_THROW(port_->write_fixed(spec::kRegJobStart, Words{0, 0, 1}));
  port_->wait_idle(kPatience);
  EXPECT_EQ(port_->read_word(spec::kRegProducts), job[3]);
}

TEST_P(PortConformance, WaitingForTooFewCyclesTimesOutAndTheJobGoesOn) {
  port_->write_word(spec::kRegCtrl, 1);
  const Job job = longest_job();
  const std::array<Step, 2> steps{Step::write(spec::kRegJobBank, job), Step::wait_idle(1)};
  try {
    port_->run(steps);
    FAIL() << "no time-out";
  } catch (const RefusedError& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kTimeout);
    EXPECT_EQ(error.status(), spec::Status::kTimeout);
  }
  port_->wait_idle(kPatience);
  EXPECT_EQ(port_->read_word(spec::kRegProducts), job[3]);
  EXPECT_EQ(port_->read_word(spec::kRegError), spec::kErrorTimeoutMask);
}

TEST_P(PortConformance, CyclesMoveAndCountersAreCleared) {
  const uint32_t before = port_->read_word(spec::kRegCyclesLo);
  const Job job = longest_job();
  port_->write(spec::kRegJobBank, job);
  port_->wait_idle(kPatience);
  EXPECT_GE(port_->read_word(spec::kRegCyclesLo) - before, job[3]);
  EXPECT_GE(port_->read_word(spec::kRegBusyCycles), job[3] * job[1]);
  EXPECT_GE(port_->read_word(spec::kRegProducts), job[3]);
  port_->write_word(spec::kRegCtrl, 1);
  EXPECT_EQ(read(spec::kRegProducts, 3), Words(3, 0));
}

TEST_P(PortConformance, JobsGiveTheReferencesResults) {
  const auto u = [](int value) { return static_cast<uint32_t>(value); };
  const size_t bank_words = size(config_.rows) * (size(config_.cols) / level_cells());
  for (int round = 0; round < 12; ++round) {
    SCOPED_TRACE(testing::Message() << "round " << round << ", seed " << kSeed);
    models::TileSettings settings;
    settings.inject = round % 4 != 0;
    settings.lsb_exp = random_in(8, 18);
    settings.base = random_in(0, 1) * random_in(0, 255);
    settings.adc = {round % 3 == 2, random_in(0, 27), random_in(1, 12)};
    if (!settings.adc.transparent && round % 3 == 0)
      settings.adc.shift = std::min(27, settings.lsb_exp + random_in(-2, 2));
    const int bank = random_in(0, config_.banks - 1);
    const int rows = round == 0 ? config_.rows : random_in(1, config_.rows);
    const int cols = 4 * (round == 0 ? config_.cols / 4 : random_in(1, config_.cols / 4));
    const int count = random_in(
        1, std::min({20, config_.out_words / (cols / 4), config_.in_words / ((rows + 3) / 4)}));

    models::BankCells cells{config_.rows, config_.cols, {}, {}};
    const Words levels =
        random_words(bank_words, level_cells() < 16 ? (1u << (2 * level_cells())) - 1 : ~0u);
    const Words offsets = random_words(size(config_.rows) * size(config_.cols) / 4);
    for (size_t i = 0; i < size(config_.rows) * size(config_.cols); ++i) {
      cells.levels.push_back(levels[i / level_cells()] >> (2 * (i % level_cells())) & 3);
      cells.offsets.push_back(static_cast<int8_t>(offsets[i / 4] >> (8 * (i % 4))));
    }
    Words adc_offsets;
    for (int c = 0; c < config_.cols; ++c) {
      settings.adc_offset.push_back(static_cast<int16_t>(random_()));
      adc_offsets.push_back(static_cast<uint32_t>(int32_t{settings.adc_offset.back()}));
    }
    const auto stride = u((rows + 3) / 4);
    const Words input = random_words(stride * size(count));
    std::vector<uint8_t> x;
    for (size_t k = 0; k < size(count); ++k) {
      for (size_t r = 0; r < size(rows); ++r)
        x.push_back(static_cast<uint8_t>(input[k * stride + r / 4] >> (8 * (r % 4))));
    }
    std::vector<int64_t> expected(size(count) * size(cols / 4));
    models::TileCounters counters;
    models::reference_multiply(cells, rows, cols, settings, x, count, expected, counters);

    port_->write(word(spec::kWindowLevel, size(bank) * bank_words), levels);
    port_->write(word(spec::kWindowOffset, size(bank) * offsets.size()), offsets);
    port_->write(spec::kWindowAdcOffset, adc_offsets);
    port_->write(spec::kRegInject,
                 Words{(settings.inject ? 1u : 0u) | u(settings.lsb_exp) << 8, u(settings.base),
                       u(settings.adc.shift) | u(settings.adc.bits) << 8 |
                           (settings.adc.transparent ? 1u << 16 : 0u)});
    port_->write(spec::kWindowInput, input);
    port_->write_word(spec::kRegCtrl, 1);
    const uint32_t out =
        u(config_.out_words) - static_cast<uint32_t>(expected.size());  // the last words there are
    port_->write(spec::kRegJobBank, Job{u(bank), u(rows), u(cols), u(count), 0, stride, out, 1});
    port_->wait_idle(kPatience);
    const Words low = read(word(spec::kWindowOutputLo, out), expected.size());
    const Words high = read(word(spec::kWindowOutputHi, out), expected.size());
    std::vector<int64_t> got;
    for (size_t i = 0; i < low.size(); ++i)
      got.push_back(static_cast<int64_t>(low[i] | uint64_t{high[i]} << 32));
    EXPECT_EQ(got, expected);
    EXPECT_EQ(port_->read_word(spec::kRegProducts), u(count));
    EXPECT_EQ(port_->read_word(spec::kRegSaturations), static_cast<uint32_t>(counters.saturations));
  }
}

TEST_P(PortConformance, ANewValueInABankCountsForTheNextJob) {
  const auto u = [](int value) { return static_cast<uint32_t>(value); };
  port_->write(spec::kRegInject, Words{8u << 8 | 1, 0, 1u << 16 | 8u << 8});
  port_->write(spec::kWindowAdcOffset, Words(size(config_.cols), 0));  // reset clears no memory
  port_->write(spec::kWindowLevel, Words(size(config_.cols) / level_cells(), 0));
  port_->write(spec::kWindowOffset, Words(size(config_.cols) / 4, 0));
  port_->write_word(spec::kWindowInput, 1);
  const Job job{0, 1, u(config_.cols), 1, 0, 1, 0, 1};
  const auto result = [&] {
    port_->write(spec::kRegJobBank, job);
    port_->wait_idle(kPatience);
    return static_cast<int32_t>(port_->read_word(spec::kWindowOutputLo));
  };
  EXPECT_EQ(result(), 0);
  port_->write_word(spec::kWindowLevel, 1);  // positive slice 0 at level 1
  EXPECT_EQ(result(), 256);
  port_->write_fixed(spec::kRegCellPoke, Words{0xFB});  // moved down by 5 LSB of 2^-8
  EXPECT_EQ(result(), 251);
  port_->write_word(spec::kRegInject, 8u << 8);
  EXPECT_EQ(result(), 256);
}

}  // namespace crucible::port
