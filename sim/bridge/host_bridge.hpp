// Everything that the outside world can do to the board, in one event loop: clients, the terminal,
// signals.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "host/base/eager_wait.hpp"
#include "sim/bridge/pci_proxy_server.hpp"
#include "sim/bridge/pseudo_terminal.hpp"
#include "sim/bridge/socket_server.hpp"
#include "sim/bridge/vfio_user_server.hpp"
#include "sim/pcie/card_model.hpp"

namespace crucible::sim {

struct BridgeOptions {
  std::string tcp;        ///< HOST:PORT, or empty
  std::string unix_path;  ///< path of a Unix-domain socket, or empty
  std::string vfio_user;  ///< path of a Unix-domain socket for a PCIe card, or empty
  int pci_proxy = -1;     ///< a descriptor of QEMU's x-pci-proxy-dev for a PCIe card, or -1
  bool pty = false;
  std::string pty_link;           ///< symbolic link to the terminal, or empty
  bool exit_with_client = false;  ///< request a stop when a client has gone
};

class HostBridge final : public IHostSide {
 public:
  /// Opens everything that is asked for. Throws crucible::Error(kUsage) on an address that cannot
  /// be had, and on a card beside other addresses: its rings are the one way to the device.
  /// `card`: the RTL of a card, borrowed; without one, a card is a loosely timed one in front of
  /// socket().
  HostBridge(const BridgeOptions& options, const spec::HardwareConfig& config,
             ICardModel* card = nullptr);

  [[nodiscard]] const std::string& tcp_address() const {
    return tcp_address_;
  }  ///< with the real port
  [[nodiscard]] std::string pty_path() const {
    return terminal_ ? terminal_->path() : std::string();
  }

  [[nodiscard]] IByteChannel& socket() override;
  [[nodiscard]] IByteChannel& serial() override;
  [[nodiscard]] uint32_t serial_baud() override { return terminal_ ? terminal_->baud() : 0; }
  void set_bus(IBoardBus* bus) override {
    if (card_) card_->set_bus(bus);
  }
  void poll() override;
  void wait(std::chrono::milliseconds limit) override;
  [[nodiscard]] bool stop_requested() const override { return stop_; }

 private:
  void open_card(const BridgeOptions& options, const spec::HardwareConfig& config,
                 ICardModel* card);

  /// Stands for a terminal that was not asked for.
  class NoTerminal final : public IByteChannel {
   public:
    [[nodiscard]] bool connected() const override { return false; }
    [[nodiscard]] uint64_t generation() const override { return 0; }
    [[nodiscard]] bool has_input() const override { return false; }
    [[nodiscard]] std::vector<uint8_t> take(size_t) override { return {}; }
    void send(std::span<const uint8_t>) override {}
  };

  boost::asio::io_context context_{1};
  EagerWait eager_;
  bool stop_ = false;
  boost::asio::signal_set signals_;
  SocketServer server_;
  std::unique_ptr<CardModel> card_;
  std::unique_ptr<VfioUserServer> card_server_;
  std::unique_ptr<PciProxyServer> slot_;
  std::unique_ptr<PseudoTerminal> terminal_;
  NoTerminal no_terminal_;
  std::string tcp_address_;
};

}  // namespace crucible::sim
