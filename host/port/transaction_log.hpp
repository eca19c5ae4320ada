// The last frames of a link, for the message when it is given up.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "host/link/frame.hpp"

namespace crucible::port {

class TransactionLog {
 public:
  static constexpr size_t kEntries = 32;

  void sent(link::Op op, uint16_t sequence, uint32_t address, size_t words);
  void sent_again(uint16_t sequence);
  void answered(uint16_t sequence, link::Status status);
  /// One line a frame, oldest first.
  [[nodiscard]] std::string describe() const;

 private:
  struct Entry {
    link::Op op = link::Op::kRead;
    uint16_t sequence = 0;
    uint32_t address = 0;
    size_t words = 0;
    int attempts = 0;
    bool answered = false;
    link::Status status = link::Status::kOk;
  };
  Entry* find(uint16_t sequence);

  std::array<Entry, kEntries> entries_;
  size_t count_ = 0;
};

}  // namespace crucible::port
