// What every device behind a port must do: jobs, waiting, counters, results.
#include "models/tile/tile_twin.hpp"
#include "tests/unit/port_conformance.hpp"

namespace crucible::port {
namespace {

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
    models::reference_multiply(cells, rows, cols, settings, 0, x, count, expected, counters);

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

}  // namespace
}  // namespace crucible::port
