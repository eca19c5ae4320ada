#include "sim/bridge/socket_server.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <charconv>

#include "models/error.hpp"
#include "sim/bridge/dead_socket.hpp"

namespace crucible::sim {
namespace asio = boost::asio;
using boost::system::error_code;

SocketServer::SocketServer(asio::io_context& context, std::function<void()> on_gone)
    : context_(context), on_gone_(std::move(on_gone)) {}

SocketServer::~SocketServer() {
  if (!unix_path_.empty()) ::unlink(unix_path_.c_str());
}

void SocketServer::open(Acceptor& acceptor, const Protocol::endpoint& endpoint,
                        const std::string& address) {
  error_code error;
  acceptor.open(endpoint.protocol(), error);
  if (!error && endpoint.protocol().family() != AF_UNIX)
    acceptor.set_option(Acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(1, error);
  if (error) {
    throw Error(ErrorKind::kUsage, fmt::format("cannot listen on '{}': {}; choose another address",
                                               address, error.message()));
  }
  accept(acceptor);
}

std::string SocketServer::listen_tcp(const std::string& address) {
  const size_t colon = address.rfind(':');
  if (colon == std::string::npos || colon + 1 == address.size()) {
    throw Error(ErrorKind::kUsage,
                fmt::format("'{}' is no HOST:PORT: write for example 127.0.0.1:5555", address));
  }
  const std::string host = address.substr(0, colon), port = address.substr(colon + 1);
  uint16_t number = 0;
  const auto [end, bad] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (bad != std::errc() || end != port.data() + port.size()) {
    throw Error(ErrorKind::kUsage,
                fmt::format("'{}': port '{}' is not a number from 0 to 65535 (0 takes a free one)",
                            address, port));
  }
  error_code error;
  asio::ip::tcp::resolver resolver(context_);
  const auto found = resolver.resolve(host, port, asio::ip::tcp::resolver::passive, error);
  if (error || found.empty()) {
    throw Error(ErrorKind::kUsage,
                fmt::format("cannot resolve '{}': {}", address, error.message()));
  }
  tcp_.emplace(context_);
  open(*tcp_, found.begin()->endpoint(), address);
  Protocol::endpoint bound = tcp_->local_endpoint();
  asio::ip::tcp::endpoint endpoint;
  endpoint.resize(bound.size());
  std::memcpy(endpoint.data(), bound.data(), bound.size());
  return fmt::format("{}:{}", host, endpoint.port());
}

void SocketServer::listen_unix(const std::string& path) {
  const asio::local::stream_protocol::endpoint endpoint(path);
  remove_dead_socket(context_, path);
  unix_.emplace(context_);
  open(*unix_, endpoint, path);
  unix_path_ = path;
}

void SocketServer::accept(Acceptor& acceptor) {
  acceptor.async_accept([this, &acceptor](const error_code& error, Protocol::socket socket) {
    if (error) return;
    welcome(std::move(socket));
    accept(acceptor);
  });
}

bool SocketServer::client_has_gone() {
  char byte = 0;
  const ssize_t count = ::recv(client_->native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return count == 0 || (count < 0 && errno != EAGAIN && errno != EWOULDBLOCK);
}

void SocketServer::welcome(Protocol::socket socket) {
  if (client_ && client_has_gone()) drop_client();
  if (client_) return;  // the new socket closes here
  if (socket.local_endpoint().protocol().family() != AF_UNIX) {
    error_code ignored;
    socket.set_option(asio::ip::tcp::no_delay(true), ignored);
  }
  client_.emplace(std::move(socket));
  ++generation_;
  input_.clear();
  output_.clear();
  receiving_ = sending_ = false;
  receive();
}

void SocketServer::receive() {
  if (receiving_ || !client_ || input_.size() >= kInputLimit) return;
  receiving_ = true;
  client_->async_read_some(asio::buffer(buffer_),
                           [this, mine = generation_](const error_code& error, size_t count) {
                             if (mine != generation_ || !client_) return;
                             receiving_ = false;
                             if (error) {
                               drop_client();
                               return;
                             }
                             input_.push({buffer_.data(), count});
                             receive();
                           });
}

void SocketServer::flush() {
  if (sending_ || !client_ || output_.empty()) return;
  sending_ = true;
  in_flight_ = output_.take(output_.size());
  asio::async_write(*client_, asio::buffer(in_flight_),
                    [this, mine = generation_](const error_code& error, size_t) {
                      if (mine != generation_ || !client_) return;
                      sending_ = false;
                      if (error) {
                        drop_client();
                      } else {
                        flush();
                      }
                    });
}

void SocketServer::drop_client() {
  client_.reset();
  input_.clear();
  output_.clear();
  on_gone_();
}

std::vector<uint8_t> SocketServer::take(size_t limit) {
  std::vector<uint8_t> bytes = input_.take(limit);
  receive();
  return bytes;
}

void SocketServer::send(std::span<const uint8_t> bytes) {
  if (!client_) return;
  output_.push(bytes);
  flush();
}

}  // namespace crucible::sim
