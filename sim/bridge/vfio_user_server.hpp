// The emulated card on a Unix socket, by the vfio-user protocol, for one client at a time.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sim/bridge/asio.hpp"
#include "sim/pcie/vfio_user_session.hpp"

namespace crucible::sim {

/// A second client is turned away while the first one is there. A client that goes, or does not
/// speak the protocol, loses its interrupt and DMA regions; the card stays as it is.
class VfioUserServer {
 public:
  /// Listens on `path`; a socket that nobody serves any more is replaced. `on_gone` is called when
  /// a client has gone. Throws crucible::Error(kUsage).
  VfioUserServer(boost::asio::io_context& context, ICardModel& card, const std::string& path,
                 std::function<void()> on_gone);
  ~VfioUserServer();
  VfioUserServer(const VfioUserServer&) = delete;
  VfioUserServer& operator=(const VfioUserServer&) = delete;

 private:
  using Protocol = boost::asio::local::stream_protocol;
  using Wait = boost::asio::socket_base::wait_type;
  struct Client {
    Client(Protocol::socket opened, ICardModel& card, uint64_t number)
        : socket(std::move(opened)), session(card), id(number) {}
    Protocol::socket socket;
    VfioUserSession session;
    uint64_t id;
    std::vector<uint8_t> input, output;
    std::vector<FileDescriptor> descriptors;  ///< received, taken by no command yet
  };

  void accept();
  void welcome(Protocol::socket socket);
  void wait(Wait what);
  void receive();
  void answer();
  void flush();
  void drop();

  ICardModel& card_;
  const std::string path_;
  const std::function<void()> on_gone_;
  Protocol::acceptor acceptor_;
  std::optional<Client> client_;
  uint64_t clients_ = 0;
};

}  // namespace crucible::sim
