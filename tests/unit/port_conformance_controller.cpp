// What every device with a controller must do while its core is in reset: registers, interrupts,
// mailbox, board memory. WindowsHoldWhatWasWritten covers MEMORY, too.
#include "tests/unit/port_conformance.hpp"

namespace crucible::port {
namespace {

TEST_P(PortController, StartsWithItsCoreInReset) {
  EXPECT_EQ(port_->read_word(spec::kRegCoreCtrl), 0u);
  EXPECT_EQ(port_->read_word(spec::kRegCoreStatus), 0u);
  EXPECT_EQ(port_->read_word(spec::kRegIrqPending), 0u);
  EXPECT_EQ(port_->read_word(spec::kRegAttention), 0u);
  EXPECT_EQ(port_->read_word(spec::kRegWatchdog), 0u);
  EXPECT_EQ(port_->read_word(spec::kRegMemoryInfo), static_cast<uint32_t>(config_.memory_bytes));
  EXPECT_EQ(read(spec::kRegCoreCycles, 2), Words(2, 0));
  EXPECT_EQ(read(spec::kRegFaultAddr, 2), Words(2, 0));
  EXPECT_EQ(read(spec::kRegMailbox0, 16), Words(16, 0));
}

TEST_P(PortController, TheMailboxHoldsWhatWasWritten) {
  const Words expected = random_words(16);
  port_->write(spec::kRegMailbox0, expected);
  EXPECT_EQ(read(spec::kRegMailbox0, 16), expected);
  port_->write_word(spec::kRegMailbox15, 7);
  EXPECT_EQ(port_->read_word(spec::kRegMailbox15), 7u);
  EXPECT_EQ(port_->read_word(spec::kRegMailbox0), expected[0]);
}

TEST_P(PortController, DoorbellAndNotifyRaiseWhatOnesClear) {
  port_->write_word(spec::kRegDoorbell, 0);
  port_->write_word(spec::kRegNotify, 0);
  EXPECT_EQ(port_->read_word(spec::kRegIrqPending), 0u);
  EXPECT_EQ(port_->read_word(spec::kRegAttention), 0u);
  port_->write_word(spec::kRegDoorbell, spec::kDoorbellRingMask);
  port_->write_word(spec::kRegNotify, spec::kNotifyDoneMask);
  EXPECT_EQ(port_->read_word(spec::kRegIrqPending), spec::kIrqPendingDoorbellMask);
  EXPECT_EQ(port_->read_word(spec::kRegAttention), spec::kAttentionDoneMask);
  port_->write_word(spec::kRegIrqPending, ~spec::kIrqPendingDoorbellMask);
  port_->write_word(spec::kRegAttention, ~spec::kAttentionDoneMask);
  EXPECT_EQ(port_->read_word(spec::kRegIrqPending), spec::kIrqPendingDoorbellMask);
  EXPECT_EQ(port_->read_word(spec::kRegAttention), spec::kAttentionDoneMask);
  port_->write_word(spec::kRegIrqPending, spec::kIrqPendingDoorbellMask);
  port_->write_word(spec::kRegAttention, spec::kAttentionDoneMask);
  EXPECT_EQ(port_->read_word(spec::kRegIrqPending), 0u);
  EXPECT_EQ(port_->read_word(spec::kRegAttention), 0u);
}

/// With noise cell by cell a row takes cols + 12 cycles: a board whose clock runs while its client
/// thinks is busy for a good while.
constexpr uint32_t kSlow = 1u << spec::kEffectsNoiseLsb;

TEST_P(PortController, TheEndOfAJobIsAnInterrupt) {
  port_->write_word(spec::kRegEffects, kSlow);
  const Job job = longest_job();
  port_->write(spec::kRegJobBank, job);
  EXPECT_EQ(port_->read_word(spec::kRegIrqPending), 0u);
  port_->wait_idle(kPatience);
  EXPECT_EQ(port_->read_word(spec::kRegIrqPending), spec::kIrqPendingTileMask);
  port_->write_word(spec::kRegIrqPending, spec::kIrqPendingTileMask);
  EXPECT_EQ(port_->read_word(spec::kRegIrqPending), 0u);
}

TEST_P(PortController, MemoryAndControlAreNeverBusy) {
  port_->write_word(spec::kRegEffects, kSlow);
  const Job job = longest_job();
  port_->write(spec::kRegJobBank, job);
  port_->write_word(spec::kWindowMemory, 0x01020304);
  port_->write_word(spec::kRegMailbox0, 5);
  EXPECT_EQ(port_->read_word(spec::kWindowMemory), 0x01020304u);
  EXPECT_EQ(port_->read_word(spec::kRegMailbox0), 5u);
  EXPECT_EQ(port_->read_word(spec::kRegStatus), spec::kStatusBusyMask);
  port_->wait_idle(kPatience);
}

TEST_P(PortController, TheWatchdogStandsStillWhileTheCoreIsInReset) {
  port_->write_word(spec::kRegWatchdog, 5000);
  EXPECT_EQ(read(spec::kRegCoreCycles, 2), Words(2, 0));
  EXPECT_EQ(port_->read_word(spec::kRegWatchdog), 5000u);
  port_->write_word(spec::kRegCoreCtrl, 0);
  EXPECT_EQ(port_->read_word(spec::kRegWatchdog), 0u);
}

TEST_P(PortController, ARefusedFrameLeavesMemoryAndMailbox) {
  const size_t words = size(config_.memory_bytes) / sizeof(uint32_t);
  const uint32_t last = word(spec::kWindowMemory, words - 1);
  port_->write_word(last, 0x01020304);
  expect_refused(spec::Status::kBadAddress, last + 4, [&] { port_->write(last, Words{5, 6}); });
  EXPECT_EQ(port_->read_word(last), 0x01020304u);
  port_->write_word(spec::kRegMailbox15, 9);
  expect_refused(spec::Status::kBadAddress, spec::kRegMailbox15 + 4, [&] {
    port_->write(spec::kRegMailbox15, Words{5, 6});
  });
  EXPECT_EQ(port_->read_word(spec::kRegMailbox15), 9u);
}

}  // namespace
}  // namespace crucible::port
