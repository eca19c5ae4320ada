// TCP and Unix-domain listeners for one client at a time.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>

#include "sim/bridge/asio.hpp"
#include "sim/bridge/byte_queue.hpp"
#include "sim/systemc/i_host_side.hpp"

namespace crucible::sim {

/// A second client is turned away while the first one is there.
class SocketServer final : public IByteChannel {
 public:
  /// `on_gone` is called when a client has gone.
  SocketServer(boost::asio::io_context& context, std::function<void()> on_gone);
  ~SocketServer() override;

  /// Listens on "host:port"; port 0 takes a free one. Returns the address with the real port.
  /// Throws crucible::Error(kUsage) on a bad or occupied address.
  std::string listen_tcp(const std::string& address);
  /// Listens on a path; a socket that nobody serves any more is replaced. Throws
  /// crucible::Error(kUsage).
  void listen_unix(const std::string& path);

  [[nodiscard]] bool connected() const override { return client_.has_value(); }
  [[nodiscard]] uint64_t generation() const override { return generation_; }
  [[nodiscard]] bool has_input() const override { return !input_.empty(); }
  [[nodiscard]] std::vector<uint8_t> take(size_t limit) override;
  void send(std::span<const uint8_t> bytes) override;

 private:
  using Protocol = boost::asio::generic::stream_protocol;
  using Acceptor = boost::asio::basic_socket_acceptor<Protocol>;
  static constexpr size_t kInputLimit = 1 << 20;  ///< bytes read ahead of the simulation

  void open(Acceptor& acceptor, const Protocol::endpoint& endpoint, const std::string& address);
  void accept(Acceptor& acceptor);
  void welcome(Protocol::socket socket);
  [[nodiscard]] bool client_has_gone();
  void receive();
  void flush();
  void drop_client();

  boost::asio::io_context& context_;
  std::function<void()> on_gone_;
  std::optional<Acceptor> tcp_;
  std::optional<Acceptor> unix_;
  std::string unix_path_;
  std::optional<Protocol::socket> client_;
  uint64_t generation_ = 0;
  bool receiving_ = false;
  bool sending_ = false;
  std::array<uint8_t, 65536> buffer_{};
  ByteQueue input_;
  ByteQueue output_;
  std::vector<uint8_t> in_flight_;
};

}  // namespace crucible::sim
