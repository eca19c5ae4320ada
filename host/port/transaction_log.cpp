#include "host/port/transaction_log.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/port/refused_error.hpp"

namespace crucible::port {

void TransactionLog::sent(link::Op op, uint16_t sequence, uint32_t address, size_t words) {
  entries_[count_++ % kEntries] = {op, sequence, address, words, 1, false, link::Status::kOk};
}

void TransactionLog::sent_again(uint16_t sequence) {
  if (Entry* entry = find(sequence)) ++entry->attempts;
}

void TransactionLog::answered(uint16_t sequence, link::Status status) {
  if (Entry* entry = find(sequence)) {
    entry->answered = true;
    entry->status = status;
  }
}

TransactionLog::Entry* TransactionLog::find(uint16_t sequence) {
  for (size_t back = 1; back <= std::min(count_, kEntries); ++back) {
    Entry& entry = entries_[(count_ - back) % kEntries];
    if (entry.sequence == sequence) return &entry;
  }
  return nullptr;
}

std::string TransactionLog::describe() const {
  std::string text = "last frames, oldest first:";
  for (size_t i = count_ - std::min(count_, kEntries); i < count_; ++i) {
    const Entry& entry = entries_[i % kEntries];
    text += fmt::format("\n  #{:<5} {:<11} ", entry.sequence, spec::op_name(entry.op));
    text += entry.op == link::Op::kWaitIdle
                ? fmt::format("{} cycles", entry.address)
                : fmt::format("{}, {} words", describe_address(entry.address), entry.words);
    text += entry.answered ? fmt::format(": {}", spec::status_name(entry.status)) : ": no answer";
    if (entry.attempts > 1) text += fmt::format(" ({} attempts)", entry.attempts);
  }
  return text;
}

}  // namespace crucible::port
