// What every device behind a port must do: jobs, waiting, counters, results.
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
