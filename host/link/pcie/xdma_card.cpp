#include "host/link/pcie/xdma_card.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <thread>

#include "models/error.hpp"

namespace crucible::link {

namespace {

FileDescriptor open_file(const std::string& path, int mode, const std::string& address) {
  FileDescriptor file(::open(path.c_str(), mode | O_CLOEXEC));
  if (file) return file;
  const char* remedy = errno == ENOENT ? "load the vendor's driver (modprobe xdma) and see `ls "
                                         "/dev/xdma*`; it makes this file only for a core that has "
                                         "this interface"
                                       : "check owner and mode of the file";
  throw Error(ErrorKind::kDevice, fmt::format("{}: cannot open {}: {}; {}", address, path,
                                              std::strerror(errno), remedy));
}

/// Moves all bytes with `move(done)`, which returns how many it moved.
template <typename Move>
void move_all(size_t bytes, const std::string& what, const Move& move) {
  for (size_t done = 0; done < bytes;) {
    const ssize_t count = move(done);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      throw Error(ErrorKind::kDevice,
                  fmt::format("{}: {} after {} of {} bytes; is the card still there?", what,
                              count == 0 ? "end of file" : std::strerror(errno), done, bytes));
    }
    done += static_cast<size_t>(count);
  }
}

}  // namespace

XdmaCard::XdmaCard(const std::string& path, std::string address)
    : address_(std::move(address)),
      registers_(open_file(path + "_user", O_RDWR | O_SYNC, address_).get(), 0, kBar0Bytes,
                 address_ + ": BAR0"),
      to_card_(open_file(path + "_h2c_0", O_WRONLY, address_)),
      from_card_(open_file(path + "_c2h_0", O_RDONLY, address_)) {}

void XdmaCard::read_block(uint32_t offset, std::span<uint32_t> words) {
  auto* const bytes = reinterpret_cast<uint8_t*>(words.data());
  move_all(words.size_bytes(), fmt::format("{}: read of BAR2 + 0x{:05x}", address_, offset),
           [&](size_t done) {
             return ::pread(from_card_.get(), bytes + done, words.size_bytes() - done,
                            static_cast<off_t>(offset + done));
           });
}

void XdmaCard::write_block(uint32_t offset, std::span<const uint32_t> words) {
  const auto* const bytes = reinterpret_cast<const uint8_t*>(words.data());
  move_all(words.size_bytes(), fmt::format("{}: write of BAR2 + 0x{:05x}", address_, offset),
           [&](size_t done) {
             return ::pwrite(to_card_.get(), bytes + done, words.size_bytes() - done,
                             static_cast<off_t>(offset + done));
           });
}

void XdmaCard::wait_interrupt(Clock::time_point deadline) {
  std::this_thread::sleep_until(deadline);
}

}  // namespace crucible::link
