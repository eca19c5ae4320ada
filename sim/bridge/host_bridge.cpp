#include "sim/bridge/host_bridge.hpp"

#include <csignal>

#include "host/base/deadline.hpp"
#include "models/error.hpp"

namespace crucible::sim {

HostBridge::HostBridge(const BridgeOptions& options, const spec::HardwareConfig& config,
                       ICardModel* card)
    : signals_(context_, SIGINT, SIGTERM),
      server_(context_, [this, end = options.exit_with_client] { stop_ |= end; }) {
  signals_.async_wait([this](const boost::system::error_code& error, int) {
    if (!error) stop_ = true;
  });
  open_card(options, config, card);
  if (!options.tcp.empty()) tcp_address_ = server_.listen_tcp(options.tcp);
  if (!options.unix_path.empty()) server_.listen_unix(options.unix_path);
  if (options.pty) {
    terminal_ = std::make_unique<PseudoTerminal>(
        context_, options.pty_link, [this, end = options.exit_with_client] { stop_ |= end; });
  }
}

void HostBridge::open_card(const BridgeOptions& options, const spec::HardwareConfig& config,
                           ICardModel* card) {
  const bool offered = !options.vfio_user.empty(), in_slot = options.pci_proxy >= 0;
  if (!offered && !in_slot) return;
  if (!options.tcp.empty() || !options.unix_path.empty() || options.pty || (offered && in_slot)) {
    throw Error(ErrorKind::kUsage,
                "--vfio-user and --pci-proxy each make the board a PCIe card, which is reached by "
                "nothing else: leave out --tcp, --unix and --pty, and one of the two");
  }
  if (card == nullptr) {
    card_ = std::make_unique<CardModel>(config);
    card = card_.get();
  }
  if (offered) {
    card_server_ =
        std::make_unique<VfioUserServer>(context_, *card, options.vfio_user,
                                         [this, end = options.exit_with_client] { stop_ |= end; });
  } else {
    slot_ = std::make_unique<PciProxyServer>(context_, *card, options.pci_proxy,
                                             [this] { stop_ = true; });
  }
}

IByteChannel& HostBridge::socket() {
  if (card_) return *card_;
  return server_;
}

IByteChannel& HostBridge::serial() {
  if (terminal_) return *terminal_;
  return no_terminal_;
}

void HostBridge::poll() {
  if (card_) card_->follow_board();
  context_.poll();
}

void HostBridge::wait(std::chrono::milliseconds limit) {
  if (card_) card_->follow_board();
  if (eager_([this] { return context_.poll() > 0; }, deadline_in(limit))) return;
  if (context_.run_one_for(limit) > 0) context_.poll();
}

}  // namespace crucible::sim
