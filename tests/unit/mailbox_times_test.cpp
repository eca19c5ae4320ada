// Which words of firmware's answers a replay leaves out, because they count clock cycles.
#include "host/board/mailbox_times.hpp"

#include <gtest/gtest.h>

#include "firmware/interface/mailbox.h"

namespace crucible::board {
namespace {

using record::Transaction;

Transaction command(fw_command code) {
  return {.op = spec::Op::kWrite, .address = spec::kRegMailbox0, .words = {7U << 16 | code, 1, 2}};
}

/// As the host reads it: answer, six results, progress.
Transaction answer(fw_status status) {
  return {.op = spec::Op::kRead,
          .address = spec::kRegMailbox0 + 4 * FW_ANSWER,
          .words = {7U << 16 | status, 1, 2, 3, 4, 5, 6, 7}};
}

std::vector<size_t> times_of(const MailboxTimes& times, const Transaction& read) {
  std::vector<size_t> found;
  for (size_t i = 0; i < read.words.size(); ++i)
    if (times.is_time(read, i)) found.push_back(i);
  return found;
}

TEST(MailboxTimes, AreTheCyclesOfRunAndCountAndNothingElse) {
  const std::vector<size_t> none, cycles{2, 3};
  MailboxTimes times;
  EXPECT_EQ(times_of(times, answer(FW_OK)), none);
  for (int code = FW_CMD_INFO; code <= FW_CMD_SEARCH; ++code) {
    times.note(command(static_cast<fw_command>(code)));
    const bool counts = code == FW_CMD_RUN || code == FW_CMD_COUNT;
    EXPECT_EQ(times_of(times, answer(FW_OK)), counts ? cycles : none) << code;
    EXPECT_EQ(times_of(times, answer(FW_BAD_ARGUMENT)), none) << code;
  }
}

TEST(MailboxTimes, AreJudgedByTheLastCommandThatWasTakenAndByAWholeAnswer) {
  MailboxTimes times;
  times.note(command(FW_CMD_RUN));
  Transaction arguments = command(FW_CMD_LOAD);
  arguments.address += 4;  // the words after the command
  times.note(arguments);
  Transaction refused = command(FW_CMD_LOAD);
  refused.status = spec::Status::kBusy;
  times.note(refused);
  Transaction read = answer(FW_OK);
  EXPECT_EQ(times_of(times, read).size(), 2U);
  read.address += 4;  // without the answer word nothing says that these are results of a run
  EXPECT_TRUE(times_of(times, read).empty());
  read.address = spec::kWindowMemory;
  EXPECT_TRUE(times_of(times, read).empty());
}

}  // namespace
}  // namespace crucible::board
