#include <fcntl.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include "host/link/address.hpp"
#include "host/link/impl/asio_transport.hpp"
#include "host/link/impl/serial_line.hpp"
#include "host/link/pcie/open_card.hpp"
#include "host/link/pcie/ring_transport.hpp"

namespace crucible::link {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

[[noreturn]] void fail(const Address& address, const error_code& error) {
  std::string reason = error.message();
  if (error == asio::error::connection_refused) {
    reason = "nothing listens there; start the board (crucible-board) or correct the address";
  } else if (error == boost::system::errc::no_such_file_or_directory) {
    reason = "there is no such socket; start the board (crucible-board) or correct the path";
  } else if (error == boost::system::errc::permission_denied) {
    reason = "no permission; check owner and mode of the socket";
  } else if (error == asio::error::host_not_found ||
             error == asio::error::host_not_found_try_again) {
    reason = fmt::format("no host of the name '{}'", address.host);
  }
  throw Error(ErrorKind::kDevice, fmt::format("cannot open {}: {}", address.text, reason));
}

template <typename Socket>
void connect(asio::io_context& io, Socket& socket, const typename Socket::endpoint_type& endpoint,
             const Address& address, Clock::time_point deadline) {
  error_code error;
  if (!run_with_deadline(io, socket, deadline, error,
                         [&](auto handler) { socket.async_connect(endpoint, handler); })) {
    throw Error(ErrorKind::kTimeout,
                fmt::format("cannot open {}: no answer before the deadline; is the host up?",
                            address.text));
  }
  if (error) fail(address, error);
  socket.non_blocking(true);
  ::fcntl(socket.native_handle(), F_SETFD,
          FD_CLOEXEC);  // a program that we start must not hold the line open
}

std::unique_ptr<ITransport> open_tcp(const Address& address, Clock::time_point deadline) {
  auto io = std::make_unique<asio::io_context>();
  error_code error;
  asio::ip::tcp::resolver resolver(*io);
  // Names are resolved by the system under its own time limits; numbers need no resolving.
  const auto endpoints = resolver.resolve(address.host, std::to_string(address.port),
                                          asio::ip::resolver_base::numeric_service, error);
  if (error || endpoints.empty())
    fail(address, error ? error : error_code(asio::error::host_not_found));
  asio::ip::tcp::socket socket(*io);
  connect(*io, socket, endpoints.begin()->endpoint(), address, deadline);
  socket.set_option(asio::ip::tcp::no_delay(true));
  return std::make_unique<AsioTransport<asio::ip::tcp::socket>>(std::move(io), std::move(socket),
                                                                address.text);
}

std::unique_ptr<ITransport> open_unix(const Address& address, Clock::time_point deadline) {
  using asio::local::stream_protocol;
  constexpr size_t kMaxPath =
      107;  // sockaddr_un::sun_path holds 108 bytes with the terminating zero
  if (address.path.size() > kMaxPath) {
    throw Error(
        ErrorKind::kUsage,
        fmt::format("device address '{}': a socket's path has at most {} bytes, this has {}",
                    address.text, kMaxPath, address.path.size()));
  }
  auto io = std::make_unique<asio::io_context>();
  stream_protocol::socket socket(*io);
  connect(*io, socket, stream_protocol::endpoint(address.path), address, deadline);
  return std::make_unique<AsioTransport<stream_protocol::socket>>(std::move(io), std::move(socket),
                                                                  address.text);
}

std::unique_ptr<ITransport> open_uart(const Address& address) {
  auto io = std::make_unique<asio::io_context>();
  asio::posix::stream_descriptor port(*io,
                                      open_serial_line(address.path, address.baud, address.text));
  port.non_blocking(true);
  return std::make_unique<AsioTransport<asio::posix::stream_descriptor>>(
      std::move(io), std::move(port), address.text);
}

}  // namespace

std::unique_ptr<ITransport> open_transport(const Address& address, Clock::time_point deadline) {
  switch (address.scheme) {
    case Scheme::kUart:
      return open_uart(address);
    case Scheme::kTcp:
      return open_tcp(address, deadline);
    case Scheme::kUnix:
      return open_unix(address, deadline);
    case Scheme::kVfioUser:
    case Scheme::kPcie:
    case Scheme::kVfio:
    case Scheme::kXdma:
      return std::make_unique<RingTransport>(open_card(address), deadline);
  }
  throw Error(ErrorKind::kInternal, "address without a scheme");
}

}  // namespace crucible::link
