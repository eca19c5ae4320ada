// The core of a controller at work: commands by mailbox, interrupts, faults, traps, watchdog, board
// memory, while the link goes on.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "tests/cosim/core/commands.hpp"
#include "tests/cosim/core/program.hpp"
#include "tests/cosim/rtl_link.hpp"

namespace crucible::sim {
namespace {

using spec::Status;
using Words = std::vector<uint32_t>;

class Core : public RtlLink {
 protected:
  static constexpr uint32_t kIllegalLine = 1u << 1, kFaultLine = 1u << 5;
  static constexpr uint64_t kLong = 200'000;  ///< cycles, more than any command here takes

  Core() {
    client_.put(spec::kWindowMemory, kCoreProgram);
    start();
  }

  void start() {
    client_.put_word(spec::kRegCoreCtrl, 1);
    finish();
  }
  void stop() { client_.put_word(spec::kRegCoreCtrl, 0); }
  uint32_t get(uint32_t address) { return client_.get_word(address); }
  uint32_t mailbox(uint32_t index) { return get(spec::kRegMailbox0 + 4 * index); }
  uint64_t cycle() { return top_->outputs().cycle; }

  void begin(CoreCommand command, const Words& arguments = {}) {
    Words words{command};
    words.insert(words.end(), arguments.begin(), arguments.end());
    client_.put(spec::kRegMailbox0, words);
    client_.put_word(spec::kRegDoorbell, 1);
  }
  /// Waits until the core has told that it is done.
  void finish() {
    const uint64_t end = cycle() + kLong;
    while ((get(spec::kRegAttention) & spec::kAttentionDoneMask) == 0) ASSERT_LT(cycle(), end);
    client_.put_word(spec::kRegAttention, spec::kAttentionDoneMask);
  }
  /// MAILBOX8 to MAILBOX15 after it.
  Words run(CoreCommand command, const Words& arguments = {}) {
    begin(command, arguments);
    finish();
    return client_.get(spec::kRegMailbox8, 8);
  }
  void pass(uint64_t cycles) {
    for (const uint64_t end = cycle() + cycles; cycle() < end;) port_.clock();
  }
  uint32_t status() { return get(spec::kRegCoreStatus); }
  static constexpr uint32_t kFree = spec::kWindowMemory + 0x1000;  ///< behind the program
};

TEST_P(Core, EchoesTheMailbox) {
  for (int i = 0; i < 20; ++i) {
    Words words(4);
    for (uint32_t& word : words) word = static_cast<uint32_t>(random_());
    Words results = run(kEcho, words);
    results.resize(4);
    EXPECT_EQ(results, words);
    EXPECT_EQ(mailbox(0), 0u);
  }
}

TEST_P(Core, SeesTheDeviceAsTheLinkDoes) {
  for (const uint32_t address :
       {spec::kRegMagic, spec::kRegMapHash, spec::kRegConfigHash, spec::kRegFeatures,
        spec::kRegMemoryInfo, spec::kWindowLevel, spec::kWindowInput + 4 * 17}) {
    EXPECT_EQ(run(kLoad, {address})[0], get(address)) << std::hex << address;
  }
  for (int i = 0; i < 20; ++i) {
    const auto word = static_cast<uint32_t>(random_());
    const uint32_t address = spec::kWindowInput + 4 * static_cast<uint32_t>(random(512));
    run(kStore, {address, word});
    EXPECT_EQ(get(address), word);
    EXPECT_EQ(run(kLoad, {address})[0], word);
  }
}

TEST_P(Core, MultipliesOnTheTileAndIsWokenByItsEnd) {
  const auto rows = static_cast<uint32_t>(config_.rows), cols = static_cast<uint32_t>(config_.cols);
  Words levels(static_cast<size_t>(config_.banks * config_.rows)), input(rows / 4);
  for (uint32_t& word : levels) word = static_cast<uint32_t>(random_());
  for (uint32_t& word : input) word = static_cast<uint32_t>(random_());
  client_.put(spec::kWindowLevel, levels);
  client_.put(spec::kWindowInput, input);
  Words job{3, rows, cols, 1, 0, 0, 5, 1};
  client_.put(spec::kRegJobBank, job);
  client_.wait(kLong);
  const Words expected = client_.get(spec::kWindowOutputLo + 4 * 5, 3);
  EXPECT_EQ(get(spec::kRegIrqPending), spec::kIrqPendingTileMask);
  client_.put_word(spec::kRegIrqPending, spec::kIrqPendingTileMask);
  client_.put_word(spec::kRegCtrl, spec::kCtrlClearCountersMask);
  job = {3, rows, cols, 1, 0, 0, 0};
  const Words results = run(kJob, job);
  EXPECT_EQ(Words(results.begin(), results.begin() + 3), expected);
  EXPECT_EQ(results[3], 1u);  // it was woken once
  EXPECT_EQ(get(spec::kRegProducts), 1u);
}

TEST_P(Core, AJobThatItStartsIsJudgedByTheRegistersAsTheyAre) {
  // The first job of this device: nothing that a frame has checked is left behind.
  client_.put_word(spec::kRegCtrl, spec::kCtrlClearCountersMask);
  run(kJob, {0, 4, 4, 1, 0, 0, 0});
  EXPECT_EQ(get(spec::kRegProducts), 1u);
  // A legal one was started by the link, the core's own is not legal.
  client_.put(spec::kRegJobBank, Words{0, 4, 4, 1, 0, 0, 0, 1});
  client_.wait(kLong);
  client_.put_word(spec::kRegIrqPending, spec::kIrqPendingTileMask);
  client_.put_word(spec::kRegMailbox14, 0);
  begin(kJob, {0, 0, 4, 1, 0, 0, 0});
  pass(2000);
  EXPECT_EQ(mailbox(12), static_cast<uint32_t>(Status::kBadValue) | spec::kFaultInfoWriteMask);
  EXPECT_EQ(mailbox(13), spec::kRegJobStart);
  EXPECT_EQ(mailbox(14), kFaultLine);
  EXPECT_EQ(get(spec::kRegProducts), 2u);
}

TEST_P(Core, ComputesWhatTheHostComputes) {
  for (int i = 0; i < 20; ++i) {
    const auto a = static_cast<uint32_t>(random_());
    const auto b = static_cast<uint32_t>(random_() >> random(31)) | 1;
    const Words results = run(kArithmetic, {a, b});
    EXPECT_EQ(results[0], a * b);
    EXPECT_EQ(results[1], static_cast<uint32_t>(uint64_t{a} * b >> 32));
    EXPECT_EQ(static_cast<int32_t>(results[2]), static_cast<int32_t>(a) / static_cast<int32_t>(b));
    EXPECT_EQ(static_cast<int32_t>(results[3]), static_cast<int32_t>(a) % static_cast<int32_t>(b));
  }
}

TEST_P(Core, ARefusedAccessInterruptsBeforeTheNextInstruction) {
  const auto last = static_cast<uint32_t>(config_.memory_bytes);
  const struct {
    CoreCommand command;
    uint32_t address;
    Status status;
  } refused[] = {{kLoad, 0x38, Status::kBadAddress},
                 {kLoad, spec::kWindowMemory + last, Status::kBadAddress},
                 {kLoad, spec::kRegDoorbell, Status::kAccess},
                 {kStore, spec::kRegMagic, Status::kAccess},
                 {kStore, spec::kRegNotify, Status::kBadValue},
                 {kStore, 0xFFFF'FFFC, Status::kBadAddress}};
  for (const auto& [command, address, status] : refused) {
    SCOPED_TRACE(testing::Message() << std::hex << address);
    const Words results = run(command, {address, 2});
    EXPECT_EQ(results[4],
              static_cast<uint32_t>(status) | (command == kStore ? spec::kFaultInfoWriteMask : 0u));
    EXPECT_EQ(results[5], address);
    EXPECT_EQ(results[6], kFaultLine);
    if (command == kLoad) {
      EXPECT_EQ(results[0], 0u);
    }
  }
  // Two stores that a bus of words cannot do: each interrupts before the next instruction.
  client_.put_word(spec::kRegScratch, 0x01020304);
  const Words results = run(kNarrow, {spec::kRegScratch, 0x55});
  EXPECT_EQ(results[4], static_cast<uint32_t>(Status::kBadValue) | spec::kFaultInfoWriteMask);
  EXPECT_EQ(results[5], spec::kRegScratch);
  EXPECT_EQ(results[7], results[0] + 4);  // the second one's next instruction
  EXPECT_EQ(get(spec::kRegScratch), 0x01020304u);
  EXPECT_EQ(get(spec::kRegError), 0u);  // these are the core's faults, not the host's
}

TEST_P(Core, TheFirstOfSeveralFaultsIsKept) {
  stop();
  client_.put_word(spec::kRegCoreCtrl, 1);
  finish();
  run(kLoad, {0x38});
  EXPECT_EQ(get(spec::kRegFaultAddr), 0x38u);
  EXPECT_EQ(get(spec::kRegIrqPending), 0u);  // the handler has cleared it
  run(kLoad, {0x3C});
  EXPECT_EQ(get(spec::kRegFaultAddr), 0x3Cu);
}

TEST_P(Core, AnIllegalInstructionInterruptsAndItsHandlerGoesOn) {
  const Words results = run(kIllegal);
  EXPECT_EQ(results[6], kIllegalLine);
  EXPECT_EQ(results[7] & ~1u, results[0]);  // bit 0 of q0: the instruction was a compressed one
  EXPECT_EQ(run(kEcho, {1, 2, 3, 4})[3], 4u);
}

TEST_P(Core, InstructionsComeFromBoardMemoryAlone) {
  client_.put_word(spec::kRegMailbox15, 0);
  begin(kJump, {spec::kWindowLevel});
  const uint64_t end = cycle() + kLong;
  while (mailbox(15) == 0) ASSERT_LT(cycle(), end);
  EXPECT_EQ(mailbox(14), kIllegalLine);
  EXPECT_GE(mailbox(15), spec::kWindowLevel);
  EXPECT_LT(mailbox(15), spec::kWindowLevel + 0x10000);
  EXPECT_EQ(get(spec::kRegIrqPending), 0u);
}

TEST_P(Core, ATrapIsToldAndEndsWhenTheCoreIsStopped) {
  begin(kTrap);
  pass(2000);
  EXPECT_EQ(status(), spec::kCoreStatusTrapMask);
  EXPECT_EQ(get(spec::kRegAttention), spec::kAttentionTrapMask);
  EXPECT_EQ(get(spec::kRegCoreCtrl), 1u);
  const uint32_t cycles = get(spec::kRegCoreCycles);
  pass(100);
  EXPECT_EQ(get(spec::kRegCoreCycles), cycles);  // a trapped core does not run
  EXPECT_FALSE(top_->outputs().busy);
  client_.put_word(spec::kRegCoreCtrl, 1);
  EXPECT_EQ(status(), spec::kCoreStatusTrapMask);
  client_.put_word(spec::kRegAttention, spec::kAttentionTrapMask);
  stop();
  EXPECT_EQ(status(), 0u);
  start();
  EXPECT_EQ(get(spec::kRegAttention), 0u);
  EXPECT_EQ(run(kEcho, {1, 2, 3, 4})[2], 3u);
}

TEST_P(Core, TheWatchdogWarnsThenHoldsAHangingCore) {
  begin(kHang);
  client_.put_word(spec::kRegWatchdog, 6000);
  EXPECT_EQ(get(spec::kRegIrqPending), 0u);
  const uint32_t left = get(spec::kRegWatchdog);
  EXPECT_LT(left, 6000u);
  pass(left - 1000);
  EXPECT_EQ(get(spec::kRegIrqPending), spec::kIrqPendingWatchdogMask);
  EXPECT_EQ(status(), spec::kCoreStatusRunningMask);
  pass(1000);
  EXPECT_EQ(status(), spec::kCoreStatusWatchdogMask);
  EXPECT_EQ(get(spec::kRegAttention), spec::kAttentionWatchdogMask);
  EXPECT_EQ(get(spec::kRegWatchdog), 0u);
  EXPECT_EQ(get(spec::kRegCoreCtrl), 1u);
  client_.put_word(spec::kRegCoreCtrl, 1);
  EXPECT_EQ(status(), spec::kCoreStatusWatchdogMask);
  client_.put_word(spec::kRegAttention, spec::kAttentionWatchdogMask);
  client_.put_word(spec::kRegIrqPending, spec::kIrqPendingWatchdogMask);
  stop();
  start();
  EXPECT_EQ(run(kEcho, {5, 6, 7, 8})[0], 5u);
}

TEST_P(Core, ARewrittenWatchdogDoesNotRunOut) {
  begin(kHang);
  for (int i = 0; i < 20; ++i) {
    client_.put_word(spec::kRegWatchdog, 3000);
    pass(1500);
  }
  EXPECT_EQ(status(), spec::kCoreStatusRunningMask);
  EXPECT_EQ(get(spec::kRegIrqPending), 0u);
}

TEST_P(Core, WaitingIsSeenAndCountedAndLetsTheClockRest) {
  pass(200);
  EXPECT_EQ(status(), spec::kCoreStatusRunningMask | spec::kCoreStatusWaitingMask);
  EXPECT_FALSE(top_->outputs().busy);
  const uint64_t from = cycle();
  const uint32_t cycles = get(spec::kRegCoreCycles), waited = get(spec::kRegWaitCycles);
  pass(1000);
  const uint32_t later = get(spec::kRegWaitCycles);
  EXPECT_GE(later - waited, 1000u);
  EXPECT_LE(later - waited, cycle() - from);
  EXPECT_GE(get(spec::kRegCoreCycles) - cycles, later - waited);
  client_.put_word(spec::kRegWatchdog, 1'000'000);
  EXPECT_TRUE(top_->outputs().busy);  // its watchdog must count
  client_.put_word(spec::kRegWatchdog, 0);
  EXPECT_FALSE(top_->outputs().busy);
}

TEST_P(Core, NoInstructionButWaitirqCountsAsWaiting) {
  begin(kDivisions, {2000, 0x80000000});
  pass(500);
  const uint32_t waited = get(spec::kRegWaitCycles);
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(status(), spec::kCoreStatusRunningMask);
    EXPECT_TRUE(top_->outputs().busy);
    pass(100);
  }
  EXPECT_EQ(get(spec::kRegWaitCycles), waited);
  finish();
}

TEST_P(Core, LoadsTakeAsLongAsTheReadmeSays) {
  const auto cycles = [&](uint32_t address) {
    begin(kTimed, {address});
    pass(500);  // nothing on the link meanwhile
    finish();
    return mailbox(8);
  };
  const uint32_t memory = cycles(kFree);
  EXPECT_EQ(cycles(spec::kRegMagic), memory + 5);
  EXPECT_EQ(cycles(spec::kRegMailbox0), memory + 5);
  EXPECT_EQ(cycles(spec::kWindowLevel), memory + 5);
}

TEST_P(Core, MemoryHoldsWhatCoreAndLinkWriteAtTheSameTime) {
  constexpr uint32_t kBytes =
      0x4000;  // reference; the core copies in its upper half, the link writes the lower
  std::vector<uint8_t> expected(kBytes);
  for (uint8_t& byte : expected) byte = static_cast<uint8_t>(random_());
  const auto as_words = [&](uint32_t from, size_t count) {
    Words words(count);
    for (size_t i = 0; i < 4 * count; ++i)
      words[i / 4] |= uint32_t{expected[from + i]} << (8 * (i % 4));
    return words;
  };
  client_.put(kFree, as_words(0, kBytes / 4));
  for (int round = 0; round < 30; ++round) {
    const auto count = static_cast<uint32_t>(random(200));
    const auto from = static_cast<uint32_t>(kBytes / 2 + random(kBytes / 4 - count));
    const auto to = static_cast<uint32_t>(3 * kBytes / 4 + random(kBytes / 4 - count));
    begin(kCopy, {kFree + from, kFree + to, count});
    std::copy_n(expected.begin() + from, count, expected.begin() + to);
    for (int frame = 0; frame < 4; ++frame) {
      const auto words =
          static_cast<uint16_t>(1 + random(static_cast<uint64_t>(config_.max_payload)));
      const auto at = static_cast<uint32_t>(4 * random(kBytes / 8 - words));
      if (random(2) == 0) {
        ASSERT_EQ(client_.get(kFree + at, words), as_words(at, words)) << "round " << round;
        continue;
      }
      for (uint32_t i = 0; i < 4u * words; ++i) expected[at + i] = static_cast<uint8_t>(random_());
      client_.put(kFree + at, as_words(at, words));
    }
    finish();
  }
  EXPECT_EQ(client_.get(kFree, kBytes / 4), as_words(0, kBytes / 4));
}

TEST_P(Core, StoresBytesAndHalfWordsIntoMemory) {
  client_.put_word(kFree, 0x11223344);
  run(kNarrow, {kFree, 0xAABBCCDD});
  EXPECT_EQ(get(kFree), 0xDD22CCDDu);
}

TEST_P(Core, BothSeeWholeFramesWhileBothUseTheDevice) {
  // The link rewrites a block by frames of one value; the core reads it word by word between
  // frames. Whatever the link reads back is one value, and the core's own word is never disturbed.
  const uint32_t block = spec::kWindowInput;
  const auto words = static_cast<size_t>(config_.max_payload);
  const uint32_t own = spec::kWindowInput + 4 * static_cast<uint32_t>(words);
  for (uint32_t round = 1; round <= 40; ++round) {
    begin(kStore, {own, round});
    client_.put(block, Words(words, round));
    ASSERT_EQ(client_.get(block, words), Words(words, round));
    finish();
    ASSERT_EQ(get(own), round);
    const uint32_t seen = run(kLoad, {block + 4 * static_cast<uint32_t>(random(words))})[0];
    ASSERT_EQ(seen, round);
  }
}

TEST_P(Core, AStopAtAnyMomentLeavesADeviceThatStartsAgain) {
  const Words program(std::begin(kCoreProgram), std::end(kCoreProgram));
  for (int round = 0; round < 60; ++round) {
    switch (random(4)) {
      case 0:
        begin(kCopy, {kFree, kFree + 0x800, 100});
        break;
      case 1:
        begin(kLoad, {0x38});
        break;
      case 2:
        begin(kStore, {spec::kRegScratch, 7});
        break;
      default:
        begin(kJob, {0, 4, 4, 32, 0, 0, 0});
        break;
    }
    pass(random(600));
    stop();
    pass(random(4));
    client_.wait(kLong);
    const uint32_t scratch = get(spec::kRegScratch);
    pass(random(50));
    EXPECT_EQ(get(spec::kRegScratch), scratch);  // nothing comes later
    client_.put_word(spec::kRegIrqPending, ~0u);
    client_.put_word(spec::kRegAttention, ~0u);
    client_.put_word(spec::kRegCoreCtrl, 1);
    if (random(2) == 0) {  // a restart just after a start
      pass(random(30));
      stop();
      client_.put_word(spec::kRegCoreCtrl, 1);
    }
    finish();
    client_.put_word(spec::kRegAttention, ~0u);
    const Words words{static_cast<uint32_t>(random_()), 2, 3, 4};
    ASSERT_EQ(run(kEcho, words)[0], words[0]) << "round " << round;
  }
  EXPECT_EQ(client_.get(spec::kWindowMemory, program.size()), program);
}

TEST_P(Core, ARestartByOneFrameLeavesNoAnswerBehind) {
  // Stopped for one cycle, while what it has asked waits for this very frame to end.
  for (int round = 0; round < 60; ++round) {
    begin(kCopy, {spec::kRegMagic, kFree, 200});  // loads from the device, one by one
    pass(random(400));
    client_.put_word(spec::kRegAttention, ~0u);
    ASSERT_EQ(client_.write_fixed(spec::kRegCoreCtrl, Words{0, 1}).status, Status::kOk);
    finish();
    const Words words{static_cast<uint32_t>(random_()), 2, 3, 4};
    ASSERT_EQ(run(kEcho, words)[0], words[0]) << "round " << round;
  }
}

TEST_P(Core, AResetOfTheDeviceInMidOperationStopsItsCore) {
  for (int round = 0; round < 20; ++round) {
    begin(random(2) == 0 ? kHang : kJob, {0, 4, 4, 32, 0, 0, 0});
    pass(random(600));
    top_->reset();
    port_.clear();
    pass(10);
    client_.sync(kSession, 100);
    EXPECT_EQ(get(spec::kRegCoreCtrl), 0u);
    EXPECT_EQ(status(), 0u);
    EXPECT_EQ(mailbox(0), 0u);
    start();  // memory is as it was
    ASSERT_EQ(run(kEcho, {9, 8, 7, 6})[3], 6u);
  }
}

INSTANTIATE_TEST_SUITE_P(Configurations, Core, testing::Values("small_soc"), config_case_name);

}  // namespace
}  // namespace crucible::sim
