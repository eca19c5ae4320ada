// Serial ports, on a pseudo-terminal.
#include <gtest/gtest.h>
#include <pty.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <functional>
#include <numeric>
#include <string>
#include <tuple>
#include <vector>

#include "host/base/deadline.hpp"
#include "host/link/address.hpp"
#include "models/error.hpp"

namespace crucible::link {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class SerialTransport : public testing::Test {
 protected:
  void SetUp() override {
    std::array<char, 256> name{};
    ASSERT_EQ(::openpty(&board_, &terminal_, name.data(), nullptr, nullptr), 0);
    path_ = name.data();
  }
  void TearDown() override {
    hang_up();
    ::close(terminal_);
  }
  void hang_up() {
    if (board_ >= 0) ::close(board_);
    board_ = -1;
  }
  [[nodiscard]] std::unique_ptr<ITransport> open(
      const std::string& options = "?baud=3000000") const {
    return open_transport(parse_address("uart:" + path_ + options), deadline_in(seconds(5)));
  }
  static std::string message_of(const std::function<void()>& action, ErrorKind kind) {
    try {
      action();
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), kind) << error.what();
      return error.what();
    }
    ADD_FAILURE() << "no error";
    return "";
  }

  int board_ = -1, terminal_ = -1;
  std::string path_;
};

TEST_F(SerialTransport, CarriesEveryByteValueUnchanged) {
  const auto stream = open();
  std::vector<uint8_t> all(256);
  std::iota(all.begin(), all.end(), uint8_t{0});
  stream->write(all, deadline_in(seconds(5)));
  std::vector<uint8_t> got(256);
  for (size_t count = 0; count < got.size();) {
    const ssize_t now = ::read(board_, got.data() + count, got.size() - count);
    ASSERT_GT(now, 0);
    count += static_cast<size_t>(now);
  }
  EXPECT_EQ(got, all);
  ASSERT_EQ(::write(board_, all.data(), all.size()), 256);
  std::fill(got.begin(), got.end(), 0);
  for (size_t count = 0; count < got.size();) {
    const size_t now = stream->read(std::span(got).subspan(count), deadline_in(seconds(5)));
    ASSERT_GT(now, 0u);
    count += now;
  }
  EXPECT_EQ(got, all);
}

TEST_F(SerialTransport, SetsARawLineOfEightBits) {
  const auto stream = open();
  termios line{};
  ASSERT_EQ(::tcgetattr(terminal_, &line), 0);
  EXPECT_EQ(line.c_lflag & (ICANON | ECHO | ISIG), 0u);
  EXPECT_EQ(line.c_iflag & (IXON | ICRNL | INLCR), 0u);
  EXPECT_EQ(line.c_oflag & OPOST, 0u);
  EXPECT_EQ(line.c_cflag & CSIZE, tcflag_t{CS8});
}

TEST_F(SerialTransport, TakesBaudRatesThatHaveNoName) {
  EXPECT_NO_THROW(std::ignore = open("?baud=1234567"));
  EXPECT_NO_THROW(std::ignore = open("?baud=12000000"));
}

TEST_F(SerialTransport, ReadingReturnsNothingAfterTheDeadline) {
  const auto stream = open();
  std::array<uint8_t, 10> bytes;
  EXPECT_EQ(stream->read(bytes, deadline_in(milliseconds(20))), 0u);
}

TEST_F(SerialTransport, WritingToABoardThatDoesNotReadTimesOut) {
  const auto stream = open();
  const std::vector<uint8_t> bytes(1 << 20);
  message_of([&] { stream->write(bytes, deadline_in(milliseconds(20))); }, ErrorKind::kTimeout);
}

TEST_F(SerialTransport, TellsWhenTheBoardIsUnplugged) {
  const auto stream = open();
  hang_up();
  std::array<uint8_t, 10> bytes;
  EXPECT_NE(message_of([&] { std::ignore = stream->read(bytes, deadline_in(seconds(5))); },
                       ErrorKind::kDevice)
                .find("gone away"),
            std::string::npos);
}

TEST_F(SerialTransport, IsForOneProgramAtATime) {
  const auto stream = open();
  EXPECT_NE(message_of([&] { std::ignore = open(); }, ErrorKind::kDevice)
                .find("in use by another program"),
            std::string::npos);
}

TEST(SerialPort, TellsWhenThereIsNoPort) {
  const auto open = [](const std::string& text) {
    return open_transport(parse_address(text), deadline_in(seconds(5)));
  };
  try {
    open("uart:/dev/no-such-port");
    FAIL() << "opened";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kDevice);
    EXPECT_NE(std::string(error.what()).find("there is no '/dev/no-such-port'"), std::string::npos)
        << error.what();
  }
  try {
    open("uart:/dev/null");
    FAIL() << "opened";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("'/dev/null' is not a serial port"), std::string::npos)
        << error.what();
  }
}

}  // namespace
}  // namespace crucible::link
