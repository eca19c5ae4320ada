#include "sim/bridge/pseudo_terminal.hpp"

#include <fmt/format.h>
#include <pty.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "models/error.hpp"
#include "sim/bridge/terminal_rate.hpp"

namespace crucible::sim {
namespace fs = std::filesystem;
using boost::system::error_code;

PseudoTerminal::PseudoTerminal(boost::asio::io_context& context, std::string link,
                               std::function<void()> on_gone)
    : on_gone_(std::move(on_gone)), master_(context), timer_(context) {
  int master = -1;
  int slave = -1;
  if (::openpty(&master, &slave, nullptr, nullptr, nullptr) != 0) {
    throw Error(ErrorKind::kInternal, fmt::format("no pseudo-terminal: {}", std::strerror(errno)));
  }
  master_.assign(master);
  termios settings{};
  ::tcgetattr(slave, &settings);
  ::cfmakeraw(&settings);
  ::tcsetattr(slave, TCSANOW, &settings);
  path_ = ::ttyname(slave);
  // Not kept open: with the last client the master sees a hang-up.
  ::close(slave);
  if (!link.empty()) {
    std::error_code error;
    if (fs::is_symlink(fs::symlink_status(link, error))) fs::remove(link, error);
    fs::create_symlink(path_, link, error);
    if (error) {
      throw Error(
          ErrorKind::kUsage,
          fmt::format(
              "cannot make the link '{}' to the terminal: {}; remove what is there or choose "
              "another name",
              link, error.message()));
    }
    link_ = std::move(link);
  }
  receive();
}

PseudoTerminal::~PseudoTerminal() {
  std::error_code ignored;
  if (!link_.empty()) fs::remove(link_, ignored);
}

uint32_t PseudoTerminal::baud() { return terminal_rate(master_.native_handle()); }

void PseudoTerminal::receive() {
  if (receiving_ || input_.size() >= kInputLimit) return;
  receiving_ = true;
  master_.async_read_some(boost::asio::buffer(buffer_),
                          [this](const error_code& error, size_t count) {
                            if (error == boost::asio::error::operation_aborted) return;
                            receiving_ = false;
                            if (error) {
                              on_hangup();
                              return;
                            }
                            if (!connected_) {
                              connected_ = true;
                              ++generation_;
                            }
                            input_.push({buffer_.data(), count});
                            receive();
                          });
}

void PseudoTerminal::on_hangup() {
  if (connected_) {
    connected_ = false;
    output_.clear();
    on_gone_();
  }
  timer_.expires_after(kLook);
  timer_.async_wait([this](const error_code& error) {
    if (!error) receive();
  });
}

void PseudoTerminal::flush() {
  if (sending_ || output_.empty()) return;
  sending_ = true;
  in_flight_ = output_.take(output_.size());
  boost::asio::async_write(master_, boost::asio::buffer(in_flight_),
                           [this](const error_code& error, size_t) {
                             if (error == boost::asio::error::operation_aborted) return;
                             sending_ = false;
                             if (!error) flush();
                           });
}

std::vector<uint8_t> PseudoTerminal::take(size_t limit) {
  std::vector<uint8_t> bytes = input_.take(limit);
  if (connected_) receive();
  return bytes;
}

void PseudoTerminal::send(std::span<const uint8_t> bytes) {
  if (!connected_ || output_.size() >= kOutputLimit) return;
  output_.push(bytes);
  flush();
}

}  // namespace crucible::sim
