#include "host/port/open_port.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <tuple>

#include "host/base/deadline.hpp"
#include "host/port/sim_port.hpp"
#include "models/error.hpp"

namespace crucible::port {
namespace {

namespace fs = std::filesystem;

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

/// Started boards keep their folders in one of our own, so that what they leave behind is seen.
class OpenPort : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "open_port-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    ::setenv("TMPDIR", name.c_str(), 1);
    ::setenv("CRUCIBLE_BOARD", CRUCIBLE_FAKE_BOARD, 1);
    ::unsetenv("FAKE_BOARD");
  }
  void TearDown() override {
    EXPECT_TRUE(fs::is_empty(folder_)) << "a board's folder was left behind";
    ::unsetenv("TMPDIR");
    ::unsetenv("CRUCIBLE_BOARD");
    ::unsetenv("FAKE_BOARD");
    fs::remove_all(folder_);
  }
  static bool runs(pid_t pid) { return ::kill(pid, 0) == 0; }
  static pid_t pid_of(const IPort& port) {
    return dynamic_cast<const SimPort&>(port).board().pid();
  }

  fs::path folder_;
};

TEST_F(OpenPort, OpensModelsByName) {
  EXPECT_EQ(open_port("model")->describe(), "model:full");
  EXPECT_EQ(open_port("model:tiny")->describe(), "model:tiny");
}

TEST_F(OpenPort, SaysWhatToWriteInsteadOfABadAddress) {
  EXPECT_NE(message_of([] { std::ignore = open_port("model:huge"); }, ErrorKind::kUsage)
                .find("model:tiny"),
            std::string::npos);
  EXPECT_NE(
      message_of([] { std::ignore = open_port("sim:vhdl"); }, ErrorKind::kUsage).find("sim:rtl"),
      std::string::npos);
  EXPECT_NE(message_of([] { std::ignore = open_port("sim:rtl:huge"); }, ErrorKind::kUsage)
                .find("sim:rtl:full"),
            std::string::npos);
  EXPECT_NE(message_of([] { std::ignore = open_port("models"); }, ErrorKind::kUsage)
                .find("unknown scheme"),
            std::string::npos);
  EXPECT_NE(
      message_of([] { std::ignore = open_port(""); }, ErrorKind::kUsage).find("tcp:HOST:PORT"),
      std::string::npos);
}

TEST_F(OpenPort, StartsABoardAndEndsItWithThePort) {
  auto port = open_port("sim:rtl:tiny");
  EXPECT_EQ(port->describe(), "sim:rtl:tiny");
  EXPECT_EQ(port->read_word(spec::kRegConfigHash), spec::kConfigTiny.hash);
  const pid_t pid = pid_of(*port);
  EXPECT_TRUE(runs(pid));
  port.reset();
  EXPECT_FALSE(runs(pid));
}

TEST_F(OpenPort, EndsTheBoardWhenAnExceptionPasses) {
  pid_t pid = 0;
  try {
    const auto port = open_port("sim:rtl:tiny");
    pid = pid_of(*port);
    throw Error(ErrorKind::kInternal, "something else");
  } catch (const Error&) {
    EXPECT_FALSE(runs(pid));
  }
}

TEST_F(OpenPort, KillsABoardThatIgnoresSigterm) {
  ::setenv("FAKE_BOARD", "stubborn", 1);
  PortOptions options;
  options.board_stop_timeout = std::chrono::milliseconds(50);
  auto port = open_port("sim:rtl:tiny", options);
  const pid_t pid = pid_of(*port);
  port.reset();
  EXPECT_FALSE(runs(pid));
}

TEST_F(OpenPort, TellsWhyABoardDidNotStart) {
  ::setenv("FAKE_BOARD", "exit", 1);
  const std::string message =
      message_of([] { std::ignore = open_port("sim:rtl:tiny"); }, ErrorKind::kDevice);
  EXPECT_NE(message.find("exit code 3"), std::string::npos) << message;
  EXPECT_NE(message.find("the fake board cannot start"), std::string::npos) << message;
}

TEST_F(OpenPort, ABoardThatIsNeverReadyTimesOut) {
  ::setenv("FAKE_BOARD", "mute", 1);
  PortOptions options;
  options.board_start_timeout = std::chrono::milliseconds(50);
  const auto start = Clock::now();
  EXPECT_NE(
      message_of([&] { std::ignore = open_port("sim:rtl:tiny", options); }, ErrorKind::kTimeout)
          .find("was not ready after 50 ms"),
      std::string::npos);
  EXPECT_LT(Clock::now() - start, std::chrono::seconds(5));  // far from any other time-out
}

TEST_F(OpenPort, TellsHowABoardDied) {
  ::setenv("FAKE_BOARD", "dies", 1);
  auto port = open_port("sim:rtl:tiny");
  const std::string message =
      message_of([&] { std::ignore = port->read_word(0); }, ErrorKind::kDevice);
  EXPECT_NE(message.find("gone away"), std::string::npos) << message;
  EXPECT_NE(message.find("exit code 9"), std::string::npos) << message;
  EXPECT_NE(message.find("dies as it was told"), std::string::npos) << message;
}

TEST_F(OpenPort, SaysWhereTheBoardShouldBe) {
  ::setenv("CRUCIBLE_BOARD", "/nowhere/crucible-board", 1);
  EXPECT_NE(message_of([] { std::ignore = open_port("sim:rtl"); }, ErrorKind::kDevice)
                .find("/nowhere/crucible-board"),
            std::string::npos);
  ::unsetenv("CRUCIBLE_BOARD");
}

}  // namespace
}  // namespace crucible::port
