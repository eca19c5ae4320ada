#include "host/link/pcie/mapped_words.hpp"

#include <fmt/format.h>
#include <sys/mman.h>

#include <cerrno>
#include <csetjmp>
#include <csignal>
#include <cstring>

#include "models/error.hpp"

namespace crucible::link {

namespace {

/// Where an access of this thread goes on when its memory is gone; null outside of accesses. The
/// handler reads it, so the compiler must write it.
thread_local sigjmp_buf* volatile way_out = nullptr;
struct sigaction handler_before;

void on_bus_error(int) {
  if (way_out != nullptr) siglongjmp(*way_out, 1);
  ::sigaction(SIGBUS, &handler_before, nullptr);  // returns to the access, which faults again
}

void install_handler() {
  static const bool installed = [] {
    struct sigaction action {};
    action.sa_handler = on_bus_error;
    action.sa_flags = SA_NODEFER;  // it is left by a jump
    return ::sigaction(SIGBUS, &action, &handler_before) == 0;
  }();
  if (!installed) throw Error(ErrorKind::kInternal, "no handler for SIGBUS");
}

/// Returns false when the memory is gone. `from` and `to`: one of them is the card's.
template <typename To, typename From>
bool copy(To* to, const From* from, size_t words) {
  sigjmp_buf here;
  if (sigsetjmp(here, 0) != 0) {
    way_out = nullptr;
    return false;
  }
  way_out = &here;
  for (size_t i = 0; i < words; ++i) to[i] = from[i];
  way_out = nullptr;
  return true;
}

}  // namespace

MappedWords::MappedWords(int fd, uint64_t offset, size_t bytes, std::string what,
                         const std::string& remedy)
    : bytes_(bytes), what_(std::move(what)) {
  install_handler();
  memory_ =
      ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, static_cast<off_t>(offset));
  if (memory_ == MAP_FAILED) {
    throw Error(ErrorKind::kDevice, fmt::format("{}: cannot map {} bytes: {}{}", what_, bytes,
                                                std::strerror(errno), remedy));
  }
}

MappedWords::~MappedWords() { ::munmap(memory_, bytes_); }

volatile uint32_t* MappedWords::at(uint64_t offset, size_t words) const {
  if (offset % sizeof(uint32_t) != 0 || offset > bytes_ ||
      words > (bytes_ - offset) / sizeof(uint32_t)) {
    throw Error(ErrorKind::kInternal,
                fmt::format("{}: {} words at 0x{:x} of {} bytes", what_, words, offset, bytes_));
  }
  return reinterpret_cast<volatile uint32_t*>(static_cast<uint8_t*>(memory_) + offset);
}

void MappedWords::gone(uint64_t offset) const {
  throw Error(
      ErrorKind::kDevice,
      fmt::format("{} + 0x{:04x}: the card has gone away (its memory was taken from us); was "
                  "it pulled out or reset?",
                  what_, offset));
}

void MappedWords::read(uint64_t offset, std::span<uint32_t> words) const {
  if (!copy(words.data(), at(offset, words.size()), words.size())) gone(offset);
}

void MappedWords::write(uint64_t offset, std::span<const uint32_t> words) {
  if (!copy(at(offset, words.size()), words.data(), words.size())) gone(offset);
}

}  // namespace crucible::link
