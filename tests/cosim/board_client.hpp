// A crucible-board of some model and its link by hand: frames as they are, damaged ones too.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "host/base/deadline.hpp"
#include "host/link/address.hpp"
#include "host/link/frame_receiver.hpp"
#include "host/port/board_process.hpp"

namespace crucible::sim {

class BoardClient {
 public:
  BoardClient(const std::string& model, const std::string& config)
      : board_({.program = port::find_board(), .config = config, .model = model}),
        stream_(link::open_transport(link::parse_address("unix:" + board_.socket_path()),
                                     deadline_in(kPatience))) {}

  /// Starts the session. Repeated, since a board may have missed the first.
  link::Frame sync(uint16_t session, uint16_t sequence) {
    link::Frame frame;
    frame.op = static_cast<uint8_t>(link::Op::kSync);
    frame.session = session;
    frame.sequence = sequence;
    for (int attempt = 0; attempt < 20; ++attempt) {
      send({frame});
      if (const auto answer = receive(std::chrono::milliseconds(500))) return *answer;
    }
    throw std::runtime_error("no answer to SYNC");
  }

  void send(const std::vector<link::Frame>& frames) {
    std::vector<uint8_t> bytes;
    for (const link::Frame& frame : frames) link::encode(frame, bytes);
    send_bytes(bytes);
  }
  void send_bytes(const std::vector<uint8_t>& bytes) {
    stream_->write(bytes, deadline_in(kPatience));
  }

  /// The next response, or nothing after `patience`.
  std::optional<link::Frame> receive(std::chrono::milliseconds patience = kPatience) {
    const auto deadline = deadline_in(patience);
    while (true) {
      if (const auto received = receiver_.next()) {
        if (received->payload_damaged) throw std::runtime_error("a damaged response");
        return received->frame;
      }
      std::vector<uint8_t> bytes(4096);
      const size_t count = stream_->read(bytes, deadline);
      if (count == 0) return std::nullopt;
      receiver_.push(std::span(bytes).first(count));
    }
  }

 private:
  static constexpr std::chrono::milliseconds kPatience{60'000};

  port::BoardProcess board_;
  std::unique_ptr<link::ITransport> stream_;
  link::FrameReceiver receiver_;
};

}  // namespace crucible::sim
