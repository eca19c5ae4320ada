// The device's end of the link around the in-process board, for tests.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "host/link/frame_receiver.hpp"
#include "host/link/frame_server.hpp"
#include "models/device/board_model.hpp"

namespace crucible::port {

class LinkDevice {
 public:
  explicit LinkDevice(const spec::HardwareConfig& config)
      : model_(config), server_(config, model_) {
    server_.on_executed([this](const link::Frame& request) { executed_.push_back(request); });
  }

  /// Takes bytes of the host and returns the answer's.
  std::vector<uint8_t> take(std::span<const uint8_t> bytes) {
    std::vector<uint8_t> out;
    receiver_.push(bytes);
    while (const auto received = receiver_.next()) {
      ++frames_seen_;
      link::encode(server_.answer(*received), out);
    }
    return out;
  }

  /// The requests that were carried out, in order, refused ones too.
  [[nodiscard]] const std::vector<link::Frame>& executed() const { return executed_; }
  [[nodiscard]] uint64_t frames_seen() const { return frames_seen_; }
  [[nodiscard]] models::BoardModel& model() { return model_; }
  /// As after a reset of the link: no session.
  void forget_session() { server_.forget_session(); }

 private:
  models::BoardModel model_;
  link::FrameServer server_;
  link::FrameReceiver receiver_;
  std::vector<link::Frame> executed_;
  uint64_t frames_seen_ = 0;
};

}  // namespace crucible::port
