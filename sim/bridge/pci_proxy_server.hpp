// The emulated card in a slot of a machine in QEMU: one end of a socket that QEMU's x-pci-proxy-dev
// has the other end of.
#pragma once

#include <functional>
#include <vector>

#include "sim/bridge/asio.hpp"
#include "sim/pcie/pci_proxy_session.hpp"

namespace crucible::sim {

class PciProxyServer {
 public:
  /// Takes over the descriptor `fd`. `on_gone` is called when QEMU has gone, or sends what it
  /// should not. Throws crucible::Error(kUsage) when `fd` is no Unix socket.
  PciProxyServer(boost::asio::io_context& context, ICardModel& card, int fd,
                 std::function<void()> on_gone);
  PciProxyServer(const PciProxyServer&) = delete;
  PciProxyServer& operator=(const PciProxyServer&) = delete;

 private:
  void receive();
  void carry_out();
  void drop();

  const std::function<void()> on_gone_;
  boost::asio::local::stream_protocol::socket socket_;
  PciProxySession session_;
  PciProxySession::Header header_;
  std::vector<uint8_t> body_;
};

}  // namespace crucible::sim
