// A byte stream over a Boost.Asio stream object, with deadlines.
#pragma once

#include <fmt/format.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <string>
#include <utility>

#include "host/link/i_transport.hpp"
#include "models/error.hpp"

namespace crucible::link {

/// Starts an operation and runs `io` until it has ended or the deadline has passed; then cancels
/// it. `start` is called with a completion handler taking an error code. Returns false after the
/// deadline.
template <typename Stream, typename Start>
bool run_with_deadline(boost::asio::io_context& io, Stream& stream, Clock::time_point deadline,
                       boost::system::error_code& error, const Start& start) {
  bool done = false;
  start([&](const boost::system::error_code& result) {
    done = true;
    error = result;
  });
  io.restart();
  io.run_until(deadline);
  if (done) return true;
  boost::system::error_code ignored;
  stream.cancel(ignored);
  io.run();
  return false;
}

/// Stream: a socket or a posix::stream_descriptor, already open and non-blocking.
template <typename Stream>
class AsioTransport final : public ITransport {
 public:
  AsioTransport(std::unique_ptr<boost::asio::io_context> io, Stream stream, std::string address)
      : io_(std::move(io)), stream_(std::move(stream)), address_(std::move(address)) {}

  void write(std::span<const uint8_t> bytes, Clock::time_point deadline) override {
    while (!bytes.empty()) {
      boost::system::error_code error;
      const size_t sent =
          stream_.write_some(boost::asio::buffer(bytes.data(), bytes.size()), error);
      bytes = bytes.subspan(error ? 0 : sent);
      if (error == boost::asio::error::would_block || error == boost::asio::error::try_again) {
        if (!wait(Stream::wait_write, deadline)) {
          throw Error(
              ErrorKind::kTimeout,
              fmt::format(
                  "{}: the device does not take bytes ({} left to send when the deadline passed)",
                  address_, bytes.size()));
        }
      } else if (error && error != boost::asio::error::interrupted) {
        gone(error);
      }
    }
  }

  size_t read(std::span<uint8_t> bytes, Clock::time_point deadline) override {
    for (;;) {
      boost::system::error_code error;
      const size_t received =
          stream_.read_some(boost::asio::buffer(bytes.data(), bytes.size()), error);
      if (!error && received > 0) {
        heard_ = true;
        return received;
      }
      if (error == boost::asio::error::would_block || error == boost::asio::error::try_again) {
        if (!wait(Stream::wait_read, deadline)) return 0;
      } else if (error != boost::asio::error::interrupted) {
        gone(error);
      }
    }
  }

  [[nodiscard]] std::string describe() const override { return address_; }

 private:
  bool wait(typename Stream::wait_type type, Clock::time_point deadline) {
    boost::system::error_code error;
    const bool done = run_with_deadline(*io_, stream_, deadline, error,
                                        [&](auto handler) { stream_.async_wait(type, handler); });
    if (done && error) gone(error);
    return done;
  }

  /// A board with a client closes every other connection before it has said anything.
  [[noreturn]] void gone(const boost::system::error_code& error) const {
    throw Error(ErrorKind::kDevice,
                fmt::format("{}: the device has gone away ({}); {}is its power on, is its program "
                            "still running?",
                            address_, error ? error.message() : "end of stream",
                            heard_ ? "" : "does another program use it, "));
  }

  std::unique_ptr<boost::asio::io_context> io_;
  Stream stream_;
  std::string address_;
  bool heard_ = false;  ///< a byte of the device
};

}  // namespace crucible::link
