// What the board program does when an assertion of the RTL fails: the program itself, around a
// device with a fault.
#include <gtest/gtest.h>

#include <csignal>
#include <memory>

#include "host/link/address.hpp"
#include "models/error.hpp"
#include "tests/cosim/board_program.hpp"

namespace crucible::sim {
namespace {

using namespace std::chrono_literals;
constexpr auto kPatience = 10s;

/// Sends a word and stays connected; nothing ever answers.
std::unique_ptr<link::ITransport> knock(const BoardProgram& board) {
  auto transport =
      link::open_transport(link::parse_address("unix:" + (board.folder() / "socket").string()),
                           link::Clock::now() + kPatience);
  const uint8_t word[sizeof(uint32_t)] = {};
  transport->write(word, link::Clock::now() + kPatience);
  return transport;
}

TEST(BoardAssertion, EndsTheProgramWithItsCodeAndItsPlace) {
  BoardProgram board({"--config", "tiny", "--unix", "{DIR}/socket"});
  ASSERT_FALSE(board.ready_line().empty());
  EXPECT_EQ(board.exit_code(200ms), -1) << "nothing has failed yet: " << board.errors();
  const auto client = knock(board);
  EXPECT_EQ(board.exit_code(kPatience), static_cast<int>(ErrorKind::kMismatch));
  for (const char* const part : {"PopFinds_A", "rtl/common/cim_fifo.sv", "tiny"}) {
    EXPECT_NE(board.errors().find(part), std::string::npos) << part << " in: " << board.errors();
  }
}

TEST(BoardAssertion, GoesUnnoticedWhenAssertionsAreOff) {
  BoardProgram board({"--config", "tiny", "--unix", "{DIR}/socket", "--no-assertions"});
  ASSERT_FALSE(board.ready_line().empty());
  const auto client = knock(board);
  EXPECT_EQ(board.exit_code(200ms), -1) << board.errors();
  board.signal(SIGTERM);
  EXPECT_EQ(board.exit_code(kPatience), 0) << board.errors();
}

}  // namespace
}  // namespace crucible::sim
