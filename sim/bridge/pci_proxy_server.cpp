#include "sim/bridge/pci_proxy_server.hpp"

#include <fmt/format.h>

#include "models/error.hpp"

namespace crucible::sim {

namespace asio = boost::asio;
using boost::system::error_code;

PciProxyServer::PciProxyServer(asio::io_context& context, ICardModel& card, int fd,
                               std::function<void()> on_gone)
    : on_gone_(std::move(on_gone)), socket_(context), session_(card) {
  error_code error;
  socket_.assign(asio::local::stream_protocol(), fd, error);
  if (!error) static_cast<void>(socket_.local_endpoint(error));
  if (error) {
    throw Error(ErrorKind::kUsage,
                fmt::format("--pci-proxy {}: {}; give the number of an open descriptor of a Unix "
                            "socket whose other end QEMU has",
                            fd, error.message()));
  }
  receive();
}

// Plain reads: the kernel closes descriptors that come along (docs of PciProxySession).
void PciProxyServer::receive() {
  asio::async_read(
      socket_, asio::buffer(&header_, sizeof(header_)), [this](const error_code& error, size_t) {
        if (error || header_.size > PciProxySession::kLargestBody) return drop();
        body_.resize(header_.size);
        asio::async_read(socket_, asio::buffer(body_), [this](const error_code& failed, size_t) {
          if (failed) return drop();
          carry_out();
        });
      });
}

void PciProxyServer::carry_out() {
  const auto answer = session_.handle(header_, body_);
  error_code error;
  if (answer) asio::write(socket_, asio::buffer(&*answer, sizeof(*answer)), error);
  if (error) return drop();
  receive();
}

void PciProxyServer::drop() {
  error_code ignored;
  socket_.close(ignored);
  on_gone_();
}

}  // namespace crucible::sim
