// The program crucible-board from outside: how it starts, who may talk to it, how it ends.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>

#include "host/link/address.hpp"
#include "host/link/frame_receiver.hpp"
#include "host/port/link_port.hpp"
#include "host/port/open_port.hpp"
#include "models/error.hpp"
#include "spec/gen/crucible_spec.hpp"
#include "tests/cosim/board_program.hpp"

namespace crucible::sim {
namespace {

using namespace std::chrono_literals;
constexpr auto kPatience = 10s;
namespace fs = std::filesystem;

std::unique_ptr<port::LinkPort> connect(const std::string& address) {
  return std::make_unique<port::LinkPort>(
      link::open_transport(link::parse_address(address), link::Clock::now() + kPatience));
}

TEST(BoardProcess, SaysThatItIsReadyOnALineAndInAFile) {
  BoardProgram board({"--config", "tiny", "--tcp", "127.0.0.1:0", "--unix", "{DIR}/socket", "--pty",
                      "{DIR}/uart", "--ready-file", "{DIR}/ready"});
  const auto line = nlohmann::json::parse(board.ready_line());
  EXPECT_EQ(line, nlohmann::json::parse(std::ifstream(board.folder() / "ready")));
  EXPECT_EQ(line.at("config"), "tiny");
  EXPECT_EQ(line.at("pid"), board.pid());
  EXPECT_EQ(line.at("unix"), (board.folder() / "socket").string());
  EXPECT_EQ(fs::read_symlink(board.folder() / "uart").string(), line.at("pty").get<std::string>());
  EXPECT_NE(line.at("tcp").get<std::string>(), "127.0.0.1:0");
}

TEST(BoardProcess, AnswersOverTcpTheUnixSocketAndTheUartOneAfterTheOther) {
  BoardProgram board({"--config", "tiny", "--tcp", "127.0.0.1:0", "--unix", "{DIR}/socket", "--pty",
                      "{DIR}/uart"});
  const auto ready = nlohmann::json::parse(board.ready_line());
  const std::string addresses[] = {"tcp:" + ready.at("tcp").get<std::string>(),
                                   "unix:" + ready.at("unix").get<std::string>(),
                                   "uart:" + (board.folder() / "uart").string() + "?baud=3000000"};
  uint32_t value = 0;
  for (int round = 0; round < 2; ++round) {
    for (const std::string& address : addresses) {
      const auto port = connect(address);
      EXPECT_EQ(port->read_word(spec::kRegConfigHash), spec::kConfigTiny.hash) << address;
      EXPECT_EQ(port->read_word(spec::kRegScratch), value)
          << "the device is still the same one; " << address;
      port->write_word(spec::kRegScratch, ++value);
    }
  }
  board.signal(SIGTERM);
  EXPECT_EQ(board.exit_code(kPatience), 0) << board.errors();
}

class BoardRate : public testing::TestWithParam<uint32_t> {};

TEST_P(BoardRate, TheWireKeepsToTheRateThatTheHostHasSet) {
  const uint32_t rate = GetParam();
  const uint32_t clocks_per_bit = spec::kConfigTiny.clk_hz / spec::kConfigTiny.baud;
  BoardProgram board({"--config", "tiny", "--pty", "{DIR}/uart", "--clk-hz",
                      std::to_string(rate * clocks_per_bit)});
  EXPECT_EQ(nlohmann::json::parse(board.ready_line()).at("baud"), rate);
  const auto open_at = [&](uint32_t baud) {
    port::LinkOptions options;
    options.open_timeout = 1s;
    const std::string address =
        "uart:" + (board.folder() / "uart").string() + "?baud=" + std::to_string(baud);
    return std::make_unique<port::LinkPort>(
        link::open_transport(link::parse_address(address), link::Clock::now() + kPatience),
        options);
  };
  for (const uint32_t wrong : {rate / 2, 2 * rate}) {
    EXPECT_THROW(static_cast<void>(open_at(wrong)), Error) << wrong;
  }
  const auto port = open_at(rate);
  EXPECT_EQ(port->read_word(spec::kRegMagic), spec::kMagicValue);
  EXPECT_NE(port->read_word(spec::kRegError) & spec::kErrorUartFrameMask, 0u);
}

INSTANTIATE_TEST_SUITE_P(Rates, BoardRate, testing::Values(115'200, 3'000'000));

/// What --model says.
class BoardUart : public testing::TestWithParam<std::string> {};

TEST_P(BoardUart, SaysThatRequestsCameFasterThanItAnswers) {
  BoardProgram board({"--config", "tiny", "--model", GetParam(), "--pty", "{DIR}/uart"});
  ASSERT_FALSE(board.ready_line().empty()) << board.errors();
  const std::string address = "uart:" + (board.folder() / "uart").string() + "?baud=3000000";
  {
    const auto stream =
        link::open_transport(link::parse_address(address), link::Clock::now() + kPatience);
    // An answer is almost three times as long as its request: of 4 KiB of requests the device has
    // answered 1.5 when all have come. Its queue holds 512 bytes, and it works ahead by two frames.
    link::Frame frame;
    frame.op = static_cast<uint8_t>(link::Op::kSync);
    std::vector<uint8_t> bytes;
    link::encode(frame, bytes);
    frame.op = static_cast<uint8_t>(link::Op::kRead);
    for (frame.length = 8; bytes.size() < 4096; link::encode(frame, bytes)) ++frame.sequence;
    stream->write(bytes, link::Clock::now() + kPatience);
    link::FrameReceiver receiver;
    size_t answers = 0;
    for (size_t count = 1; count > 0;) {  // until it says nothing more
      std::vector<uint8_t> received(4096);
      count = stream->read(received, link::Clock::now() + 1s);
      receiver.push(std::span(received).first(count));
      while (receiver.next()) ++answers;
    }
    EXPECT_GT(answers, 20u);
    EXPECT_LT(answers, frame.sequence);
  }
  const auto port = connect(address);
  EXPECT_NE(port->read_word(spec::kRegError) & spec::kErrorRxOverflowMask, 0u);
}

INSTANTIATE_TEST_SUITE_P(Models, BoardUart, testing::Values("rtl", "tlm", "mixed"),
                         [](const auto& instance) { return instance.param; });

TEST(BoardProcess, EndsCleanlyOnSignals) {
  for (const int number : {SIGTERM, SIGINT}) {
    BoardProgram board({"--config", "tiny", "--unix", "{DIR}/socket", "--pty", "{DIR}/uart",
                        "--ready-file", "{DIR}/ready"});
    EXPECT_FALSE(board.ready_line().empty());
    const auto port = connect("unix:" + (board.folder() / "socket").string());
    EXPECT_EQ(port->read_word(spec::kRegMagic), spec::kMagicValue);
    board.signal(number);
    EXPECT_EQ(board.exit_code(kPatience), 0) << board.errors();
    for (const char* const name : {"socket", "uart", "ready"}) {
      EXPECT_FALSE(fs::exists(fs::symlink_status(board.folder() / name))) << name;
    }
  }
}

TEST(BoardProcess, EndsWithItsClientWhenAsked) {
  BoardProgram board({"--config", "tiny", "--unix", "{DIR}/socket", "--exit-with-client"});
  EXPECT_FALSE(board.ready_line().empty());
  {
    const auto port = connect("unix:" + (board.folder() / "socket").string());
    EXPECT_EQ(port->read_word(spec::kRegMagic), spec::kMagicValue);
    EXPECT_EQ(board.exit_code(0ms), -1);
  }
  EXPECT_EQ(board.exit_code(kPatience), 0) << board.errors();
}

TEST(BoardProcess, EndsWithTheClientOfItsTerminalWhenAsked) {
  BoardProgram board({"--config", "tiny", "--pty", "{DIR}/uart", "--exit-with-client"});
  EXPECT_FALSE(board.ready_line().empty());
  EXPECT_EQ(connect("uart:" + (board.folder() / "uart").string() + "?baud=3000000")
                ->read_word(spec::kRegMagic),
            spec::kMagicValue);
  EXPECT_EQ(board.exit_code(kPatience), 0) << board.errors();
}

TEST(BoardProcess, TurnsASecondClientAwayWhoIsToldWhy) {
  for (const char* way : {"--unix", "--vfio-user"}) {
    BoardProgram board({"--config", "tiny", way, "{DIR}/socket"});
    static_cast<void>(board.ready_line());
    const std::string scheme = std::string(way) == "--unix" ? "unix:" : "vfio-user:";
    const std::string address = scheme + (board.folder() / "socket").string();
    const auto first = port::open_port(address);
    EXPECT_EQ(first->read_word(spec::kRegConfigHash), spec::kConfigTiny.hash);
    try {
      static_cast<void>(port::open_port(address)->read_word(spec::kRegConfigHash));
      ADD_FAILURE() << address << " takes two";
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find("does another program use it"), std::string::npos)
          << error.what();
    }
    EXPECT_EQ(first->read_word(spec::kRegConfigHash), spec::kConfigTiny.hash);
  }
}

TEST(BoardProcess, StopsTheDevicesClockWhileNobodyWantsAnything) {
  BoardProgram board({"--config", "tiny", "--unix", "{DIR}/socket"});
  EXPECT_FALSE(board.ready_line().empty());
  const auto port = connect("unix:" + (board.folder() / "socket").string());
  const uint32_t before = port->read_word(spec::kRegCyclesLo);
  EXPECT_EQ(board.exit_code(300ms), -1);  // millions of cycles if the clock ran
  EXPECT_LT(port->read_word(spec::kRegCyclesLo) - before, 10'000u);
}

TEST(BoardProcess, GivesUpAfterTheLargestNumberOfCycles) {
  BoardProgram board({"--config", "tiny", "--unix", "{DIR}/socket", "--max-cycles", "5000"});
  EXPECT_FALSE(board.ready_line().empty());
  try {
    const auto port = connect("unix:" + (board.folder() / "socket").string());
    for (int i = 0; i < 1000; ++i) static_cast<void>(port->read_word(spec::kRegMagic));
    ADD_FAILURE() << "the board still answers";
  } catch (const Error&) {
  }
  EXPECT_EQ(board.exit_code(kPatience), static_cast<int>(ErrorKind::kTimeout));
  EXPECT_NE(board.errors().find("--max-cycles"), std::string::npos) << board.errors();
}

TEST(BoardProcess, WritesWavesOfTheWindowThatIsAskedFor) {
  const auto size_of_waves = [](const char* cycles) {
    BoardProgram board({"--config", "tiny", "--unix", "{DIR}/socket", "--exit-with-client",
                        "--trace", "{DIR}/waves.fst", "--trace-from", "100", "--trace-cycles",
                        cycles});
    EXPECT_FALSE(board.ready_line().empty());
    {
      const auto port = connect("unix:" + (board.folder() / "socket").string());
      for (int i = 0; i < 200; ++i)
        port->write_word(spec::kRegScratch, 0x9e3779b9u * static_cast<uint32_t>(i));
    }
    EXPECT_EQ(board.exit_code(kPatience), 0) << board.errors();
    return fs::file_size(board.folder() / "waves.fst");
  };
  EXPECT_GT(size_of_waves("4000"), size_of_waves("40"));
}

TEST(BoardProcess, RefusesWhatItCannotDo) {
  const struct {
    std::vector<std::string> arguments;
    std::string message;
  } cases[] = {
      {{"--config", "huge", "--unix", "{DIR}/s"}, "use one of tiny small full"},
      {{"--config", "tiny"}, "--tcp, --unix or --pty"},
      {{"--config", "tiny", "--tcp", "5555"}, "HOST:PORT"},
      {{"--config", "tiny", "--tcp", "127.0.0.1:99999"}, "port '99999' is not a number"},
      {{"--config", "tiny", "--unix", "{DIR}/no/such/folder/s"}, "cannot listen"},
      {{"--config", "tiny", "--unix", "{DIR}/s", "--ready-file", "{DIR}/no/such/folder/r"},
       "ready file"},
      {{"--config", "tiny", "--unix", "{DIR}/s", "--trace", "{DIR}/no/such/folder/w.fst"}, "trace"},
      {{"--config", "tiny", "--pty", "{DIR}"}, "link"},
      {{"--config", "small", "--model", "mixed", "--unix", "{DIR}/s"},
       "use one of tiny small_soc"}};
  for (const auto& [arguments, message] : cases) {
    BoardProgram board(arguments);
    EXPECT_EQ(board.exit_code(kPatience), static_cast<int>(ErrorKind::kUsage)) << board.errors();
    EXPECT_NE(board.errors().find(message), std::string::npos) << board.errors();
  }
}

/// A file refuses connections as a dead socket does, and is somebody's.
TEST(BoardProcess, RemovesNoFileThatIsNoSocket) {
  const fs::path file = fs::path(testing::TempDir()) / fmt::format("crucible-{}", ::getpid());
  std::ofstream(file) << "precious";
  for (const char* way : {"--unix", "--vfio-user"}) {
    BoardProgram board({"--config", "tiny", way, file.string()});
    EXPECT_EQ(board.exit_code(kPatience), static_cast<int>(ErrorKind::kUsage)) << board.errors();
    EXPECT_NE(board.errors().find("cannot listen"), std::string::npos) << board.errors();
  }
  EXPECT_EQ(fs::file_size(file), 8U);
  fs::remove(file);
}

}  // namespace
}  // namespace crucible::sim
