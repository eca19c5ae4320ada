// A card's memory in this process, word by word.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace crucible::link {

/// Only aligned 32-bit accesses, as the card wants them. When the card is pulled out, the kernel
/// takes the memory away and an access raises SIGBUS: here it becomes an Error. For that a handler
/// of SIGBUS is installed once; signals from elsewhere go on to whoever had it before.
class MappedWords {
 public:
  /// Maps `bytes` of an open file. `what` and `remedy` go into messages. Throws
  /// crucible::Error(kDevice).
  MappedWords(int fd, uint64_t offset, size_t bytes, std::string what,
              const std::string& remedy = "");
  ~MappedWords();
  MappedWords(const MappedWords&) = delete;
  MappedWords& operator=(const MappedWords&) = delete;

  /// `offset`: bytes, a multiple of 4. Throws crucible::Error(kDevice) when the memory is gone, and
  /// kInternal outside of it.
  void read(uint64_t offset, std::span<uint32_t> words) const;
  void write(uint64_t offset, std::span<const uint32_t> words);
  [[nodiscard]] uint32_t read(uint64_t offset) const {
    uint32_t word = 0;
    read(offset, {&word, 1});
    return word;
  }
  void write(uint64_t offset, uint32_t word) { write(offset, {&word, 1}); }

 private:
  [[nodiscard]] volatile uint32_t* at(uint64_t offset, size_t words) const;
  [[noreturn]] void gone(uint64_t offset) const;

  void* memory_ = nullptr;
  const size_t bytes_;
  const std::string what_;
};

}  // namespace crucible::link
