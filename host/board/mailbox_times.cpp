#include "host/board/mailbox_times.hpp"

#include "firmware/interface/mailbox.h"
#include "spec/gen/crucible_map.hpp"

namespace crucible::board {
namespace {

/// Word of the transaction that is this word of the mailbox; beyond its words where none is.
size_t place_of(const record::Transaction& t, uint32_t mail_word) {
  return (spec::kRegMailbox0 + 4 * mail_word - t.address) / 4;
}

}  // namespace

void MailboxTimes::note(const record::Transaction& played) {
  if (played.op != spec::Op::kWrite || played.status != spec::Status::kOk) return;
  if (const size_t at = place_of(played, FW_COMMAND); at < played.words.size())
    command_ = played.words[at] & 0xFFFF;
}

bool MailboxTimes::is_time(const record::Transaction& read, size_t word) const {
  if (command_ != FW_CMD_RUN && command_ != FW_CMD_COUNT) return false;
  if (word != place_of(read, FW_RESULTS + 1) && word != place_of(read, FW_RESULTS + 2))
    return false;
  const size_t answer = place_of(read, FW_ANSWER);
  return answer < read.words.size() && (read.words[answer] & 0xFFFF) == FW_OK;
}

}  // namespace crucible::board
