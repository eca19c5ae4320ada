// The device's end of the link, frame by frame: sessions, sequence numbers, kept responses.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>

#include "host/link/frame.hpp"
#include "host/link/frame_receiver.hpp"
#include "models/device/i_frame_target.hpp"
#include "spec/gen/crucible_spec.hpp"

namespace crucible::link {

/// Carries every frame out exactly once, as docs/link_protocol.md says.
class FrameServer {
 public:
  /// The target must outlive it.
  FrameServer(const spec::HardwareConfig& config, models::IFrameTarget& target)
      : config_(config), target_(target) {}

  /// The response to a frame whose header has arrived undamaged.
  [[nodiscard]] Frame answer(const ReceivedFrame& received);
  /// Called with every request that is carried out, refused ones too.
  void on_executed(std::function<void(const Frame&)> handler) { executed_ = std::move(handler); }
  /// As after a reset: no session.
  void forget_session() { open_ = false; }

 private:
  [[nodiscard]] Frame respond(const Frame& request, models::FrameResult result,
                              std::vector<uint32_t> words = {}) const;
  [[nodiscard]] Frame refuse(const Frame& request, Status status, uint32_t detail);
  [[nodiscard]] Frame execute(const Frame& request);
  [[nodiscard]] Frame sync(const Frame& request);

  spec::HardwareConfig config_;
  models::IFrameTarget& target_;
  std::function<void(const Frame&)> executed_;
  bool open_ = false;
  uint16_t session_ = 0, expected_ = 0;
  std::deque<Frame> kept_;  ///< newest first
};

}  // namespace crucible::link
