// A pseudo-terminal in raw mode: the serial port that the host opens.
#pragma once

#include <array>
#include <functional>
#include <string>

#include "sim/bridge/asio.hpp"
#include "sim/bridge/byte_queue.hpp"
#include "sim/systemc/i_host_side.hpp"

namespace crucible::sim {

/// A client counts as connected from its first byte until it closes the terminal: opening alone
/// cannot be seen from here.
class PseudoTerminal final : public IByteChannel {
 public:
  /// `link`: path of a symbolic link to the terminal, or empty. An old link is replaced, any other
  /// file is not. Throws crucible::Error(kUsage) when the link cannot be made, kInternal when the
  /// system has no terminal left.
  PseudoTerminal(boost::asio::io_context& context, std::string link, std::function<void()> on_gone);
  ~PseudoTerminal() override;

  [[nodiscard]] const std::string& path() const { return path_; }
  /// Bits a second towards the board, as the terminal's client has set them. A terminal carries
  /// bytes at any rate: it is the wire behind it that has to keep to this one.
  [[nodiscard]] uint32_t baud();

  [[nodiscard]] bool connected() const override { return connected_; }
  [[nodiscard]] uint64_t generation() const override { return generation_; }
  [[nodiscard]] bool has_input() const override { return !input_.empty(); }
  [[nodiscard]] std::vector<uint8_t> take(size_t limit) override;
  void send(std::span<const uint8_t> bytes) override;

 private:
  static constexpr size_t kInputLimit = 1 << 16;
  static constexpr size_t kOutputLimit =
      1 << 20;  ///< a client that does not read loses what is beyond, as on a wire
  /// How often an unopened terminal is looked at: the kernel reports "nobody there" as an error,
  /// not as an event.
  static constexpr std::chrono::milliseconds kLook{20};

  void receive();
  void on_hangup();
  void flush();

  std::string link_;
  std::string path_;
  std::function<void()> on_gone_;
  boost::asio::posix::stream_descriptor master_;
  boost::asio::steady_timer timer_;
  bool connected_ = false;
  uint64_t generation_ = 0;
  bool receiving_ = false;
  bool sending_ = false;
  std::array<uint8_t, 4096> buffer_{};
  ByteQueue input_;
  ByteQueue output_;
  std::vector<uint8_t> in_flight_;
};

}  // namespace crucible::sim
