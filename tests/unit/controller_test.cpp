// Commands over the mailbox, and what the host says when the board does not answer as it should.
#include "host/board/controller.hpp"

#include "tests/unit/board_support.hpp"

namespace crucible::board {
namespace {

class ControllerTest : public testing::Test {
 protected:
  ControllerTest() : board_(spec::kConfigSmallSoc), identity_(driver::read_identity(board_)) {}
  [[nodiscard]] Controller controller(
      std::chrono::milliseconds stall = std::chrono::milliseconds(700)) {
    return {board_, identity_, {.stall_timeout = stall}};
  }
  [[nodiscard]] uint32_t mail(uint32_t word) {
    return board_.port::IPort::read_word(spec::kRegMailbox0 + 4 * word);
  }
  void answer(uint32_t status, const Results& results) {
    for (uint32_t i = 0; i < results.size(); ++i)
      board_.write_word(spec::kRegMailbox0 + 4 * (FW_RESULTS + i), results[i]);
    board_.write_word(spec::kRegMailbox0 + 4 * FW_ANSWER, (mail(FW_COMMAND) & 0xFFFF0000) | status);
  }

  FirmwareBoard board_;
  driver::Identity identity_;
};

TEST_F(ControllerTest, StartsTheFirmwareAndAsksWhatItIs) {
  Controller core = controller();
  core.start(no_image());
  const Results info = core.call(FW_CMD_INFO, {});
  EXPECT_EQ(info[0], FW_VERSION);
  EXPECT_EQ(info[1], spec::kMapHash);
  EXPECT_EQ(info[2], FirmwareBoard::kFreeFrom);
  EXPECT_EQ(info[3], spec::kWindowMemory + 256 * 1024);
  EXPECT_EQ(board_.read_word(spec::kRegAttention), spec::kAttentionDoneMask);
}

TEST_F(ControllerTest, ARepeatedNumberIsAnsweredButNotExecuted) {
  Controller core = controller();
  core.start(no_image());
  core.call(FW_CMD_INFO, {});
  const uint32_t answered = mail(FW_ANSWER);
  // The same number with another command, as a repeated doorbell might bring it.
  board_.write_word(spec::kRegMailbox0, (mail(FW_COMMAND) & 0xFFFF0000) | FW_CMD_SELF_TEST);
  board_.write_word(spec::kRegAttention, spec::kAttentionDoneMask);
  board_.write_word(spec::kRegDoorbell, spec::kDoorbellRingMask);
  EXPECT_EQ(mail(FW_ANSWER), answered);
  EXPECT_EQ(mail(FW_RESULTS), FW_VERSION);
  EXPECT_EQ(board_.read_word(spec::kRegAttention), spec::kAttentionDoneMask);
  EXPECT_EQ(board_.read_word(spec::kRegSelftestResult), 0U);
}

TEST_F(ControllerTest, NumbersGoRoundWithoutZero) {
  Controller core = controller();
  core.start(no_image());
  for (int i = 0; i < 0x10002; ++i) core.call(FW_CMD_INFO, {});
  EXPECT_EQ(mail(FW_ANSWER) >> 16, 3U);
}

TEST_F(ControllerTest, NamesTheRefusedArgumentAndWhatIsLegal) {
  Controller core = controller();
  core.start(no_image());
  expect_says(message_of(
                  [&] {
                    core.call(FW_CMD_LOAD, std::array{0x80000000U, 0U});
                  },
                  ErrorKind::kDevice),
              "LOAD: argument block_at is 2147483648 (0x80000000); legal is 2147516416 to");
  expect_says(message_of(
                  [&] {
                    core.call(FW_CMD_LOAD, std::array{FirmwareBoard::kFreeFrom + 2, 0U});
                  },
                  ErrorKind::kDevice),
              "argument block_at is 2147516418 (0x80008002) and must be 2147516416");
  expect_says(message_of([&] { core.call(FW_CMD_SELF_TEST, std::array{4U}); }, ErrorKind::kDevice),
              "SELF_TEST: argument what is 4 (0x4); legal is 1 to 3");
  expect_says(message_of([&] { core.call(FW_CMD_COUNT, {}); }, ErrorKind::kDevice),
              "COUNT: no network is loaded");
  expect_says(message_of([&] { core.call(static_cast<fw_command>(77), {}); }, ErrorKind::kDevice),
              "the firmware knows no command 77");
}

TEST_F(ControllerTest, ReportsATrapWithItsCauseAndAddress) {
  Controller core = controller();
  core.start(no_image());
  board_.before_command = [&] {
    answer(FW_TRAP, {FW_TRAP_FAULT, 0x80000124, 0x80004000, 0x80000200, spec::kWindowInput,
                     static_cast<uint32_t>(spec::Status::kBusy) | spec::kFaultInfoWriteMask});
    return false;
  };
  const std::string said = message_of([&] { core.call(FW_CMD_INFO, {}); }, ErrorKind::kDevice);
  expect_says(said, "INFO: the firmware trapped: the bus refused its store to 0x00100000 (INPUT");
  expect_says(said, "with status 4, at or shortly before 0x80000124");
  board_.before_command = [&] {
    answer(FW_TRAP, {FW_TRAP_ILLEGAL, 0x80000124, 0, 0, 0, 0});
    return false;
  };
  expect_says(message_of([&] { core.call(FW_CMD_INFO, {}); }, ErrorKind::kDevice),
              "an illegal instruction, at or shortly before 0x80000124");
}

TEST_F(ControllerTest, ReportsTheWatchdogWithoutWaitingForTheDeadline) {
  Controller core = controller(std::chrono::minutes(10));
  core.start(no_image());
  board_.before_command = [&] {  // a hang: the watchdog runs out
    board_.write_word(spec::kRegWatchdog, 5);
    return false;
  };
  expect_says(message_of([&] { core.call(FW_CMD_INFO, {}); }, ErrorKind::kDevice),
              "INFO: the watchdog stopped the core after 0 units of work");
}

TEST_F(ControllerTest, ReportsACoreThatWasStopped) {
  Controller core = controller(std::chrono::minutes(10));
  core.start(no_image());
  core.stop();
  expect_says(message_of([&] { core.call(FW_CMD_INFO, {}); }, ErrorKind::kDevice),
              "INFO: the core was stopped");
}

TEST_F(ControllerTest, GivesUpWhereNothingMoves) {
  Controller core = controller();
  core.start(no_image());
  board_.before_command = [] { return false; };
  expect_says(message_of([&] { core.call(FW_CMD_INFO, {}); }, ErrorKind::kTimeout),
              "INFO: nothing moved for 700 ms");
}

TEST_F(ControllerTest, AnInterruptedCommandStopsTheCore) {
  Controller core = controller();
  core.start(no_image());
  board_.before_command = [&] {
    board_.write_word(spec::kRegMailbox0 + 4 * FW_PROGRESS, 7);
    return false;
  };
  uint32_t seen = 0;
  const std::string said = message_of(
      [&] {
        core.call(FW_CMD_INFO, {}, {}, [&](uint32_t done) {
          seen = done;
          return false;
        });
      },
      ErrorKind::kUsage);
  EXPECT_EQ(seen, 7U);
  expect_says(said, "interrupted after 7 units of work");
  EXPECT_EQ(board_.read_word(spec::kRegCoreCtrl), 0U);
}

/// Forges one word of board memory when it is read.
class ForgingBoard final : public port::IPort {
 public:
  explicit ForgingBoard(port::IPort& board) : board_(board) {}
  void read(uint32_t address, std::span<uint32_t> words) override {
    board_.read(address, words);
    if (address == spec::kWindowMemory && words.size() > 3) words[3] ^= 1;
  }
  void write(uint32_t address, std::span<const uint32_t> words) override {
    board_.write(address, words);
  }
  void write_fixed(uint32_t, std::span<const uint32_t>) override {}
  void wait_idle(uint32_t) override {}
  [[nodiscard]] port::PortStatistics statistics() const override { return {}; }
  [[nodiscard]] std::string describe() const override { return "forged"; }

 private:
  port::IPort& board_;
};

TEST_F(ControllerTest, ReadsTheFirmwareBackBeforeItStartsTheCore) {
  ForgingBoard forged(board_);
  Controller core(forged, identity_);
  expect_says(message_of([&] { core.start(no_image()); }, ErrorKind::kMismatch),
              "read-back of the firmware differs: 0x8000000c (MEMORY word 3) is 0x00000001");
  EXPECT_EQ(board_.read_word(spec::kRegCoreCtrl), 0U);
}

TEST_F(ControllerTest, RefusesFirmwareThatTheMemoryDoesNotHold) {
  FirmwareImage image = no_image();
  image.segments[0].bytes.resize(256 * 1024 + 8);
  Controller core = controller();
  expect_says(message_of([&] { core.start(image); }, ErrorKind::kDevice), "8 are missing");
  image = no_image();
  image.segments[0].zeros = 256 * 1024;
  expect_says(message_of([&] { core.start(image); }, ErrorKind::kDevice), "64 are missing");
}

}  // namespace
}  // namespace crucible::board
