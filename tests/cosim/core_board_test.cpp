// A core at work in crucible-board, seen by the host's own link over a socket and over the UART.
#include <gtest/gtest.h>

#include <csignal>
#include <nlohmann/json.hpp>

#include "host/link/address.hpp"
#include "host/port/link_port.hpp"
#include "spec/gen/crucible_spec.hpp"
#include "tests/cosim/board_program.hpp"
#include "tests/cosim/core/commands.hpp"
#include "tests/cosim/core/program.hpp"

namespace crucible::sim {
namespace {

using namespace std::chrono_literals;
using Words = std::vector<uint32_t>;
constexpr auto kPatience = 20s;

/// Of boards of these models.
class CoreBoard : public testing::TestWithParam<const char*> {
 protected:
  void connect(const std::string& address) {
    port_.reset();  // the board has one client at a time
    port_ = std::make_unique<port::LinkPort>(
        link::open_transport(link::parse_address(address), link::Clock::now() + kPatience));
  }
  /// Until the register has one of these bits: the board's time goes on while nobody asks.
  void await(uint32_t address, uint32_t bits) {
    const auto deadline = link::Clock::now() + kPatience;
    while ((port_->read_word(address) & bits) == 0)
      ASSERT_LT(link::Clock::now(), deadline) << address;
  }
  void start() {
    port_->write(spec::kWindowMemory, kCoreProgram);
    port_->write_word(spec::kRegCoreCtrl, 1);
    finish();
  }
  void begin(const Words& command) {
    port_->write(spec::kRegMailbox0, command);
    port_->write_word(spec::kRegDoorbell, 1);
  }
  void finish() {
    await(spec::kRegAttention, spec::kAttentionDoneMask);
    port_->write_word(spec::kRegAttention, spec::kAttentionDoneMask);
  }
  void expect_echo() {
    begin({kEcho, 11, 22, 33, 44});
    finish();
    Words results(4);
    port_->read(spec::kRegMailbox8, results);
    EXPECT_EQ(results, (Words{11, 22, 33, 44}));
  }

  BoardProgram board_{{"--config", "small_soc", "--model", GetParam(), "--tcp", "127.0.0.1:0",
                       "--pty", "{DIR}/uart"}};
  const nlohmann::json ready_ = nlohmann::json::parse(board_.ready_line());
  const std::string tcp_ = "tcp:" + ready_.at("tcp").get<std::string>();
  const std::string uart_ = "uart:" + (board_.folder() / "uart").string() + "?baud=3000000";
  std::unique_ptr<port::LinkPort> port_;
};

TEST_P(CoreBoard, AnswersCommandsOverTheSocketAndOverTheUart) {
  connect(tcp_);
  start();
  expect_echo();
  connect(uart_);
  EXPECT_EQ(port_->read_word(spec::kRegConfigHash), spec::kConfigSmallSoc.hash);
  expect_echo();
  connect(tcp_);
  expect_echo();
  port_.reset();
  board_.signal(SIGTERM);
  EXPECT_EQ(board_.exit_code(kPatience), 0) << board_.errors();
}

TEST_P(CoreBoard, ItsTimeGoesOnWhileTheCoreRunsSoThatAWatchdogEndsAHang) {
  connect(tcp_);
  start();
  begin({kHang});
  port_->write_word(spec::kRegWatchdog, 200'000);
  await(spec::kRegAttention, spec::kAttentionWatchdogMask);
  EXPECT_EQ(port_->read_word(spec::kRegCoreStatus), spec::kCoreStatusWatchdogMask);
  EXPECT_GE(port_->read_word(spec::kRegCoreCycles), 200'000u);
}

INSTANTIATE_TEST_SUITE_P(Models, CoreBoard, testing::Values("rtl", "tlm", "mixed"),
                         [](const auto& instance) { return std::string(instance.param); });

}  // namespace
}  // namespace crucible::sim
