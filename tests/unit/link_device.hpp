// The device's end of the link around the in-process device model: sessions, kept responses,
// refusals. For tests.
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "host/link/frame_receiver.hpp"
#include "models/device/device_model.hpp"

namespace crucible::port {

class LinkDevice {
 public:
  explicit LinkDevice(const spec::HardwareConfig& config) : model_(config) {}

  /// Takes bytes of the host and returns the answer's.
  std::vector<uint8_t> take(std::span<const uint8_t> bytes) {
    std::vector<uint8_t> out;
    receiver_.push(bytes);
    while (const auto received = receiver_.next()) {
      ++frames_seen_;
      link::encode(answer(*received), out);
    }
    return out;
  }

  /// The requests that were carried out, in order, refused ones too.
  [[nodiscard]] const std::vector<link::Frame>& executed() const { return executed_; }
  [[nodiscard]] uint64_t frames_seen() const { return frames_seen_; }
  [[nodiscard]] models::DeviceModel& model() { return model_; }
  /// As after a reset of the link: no session.
  void forget_session() { open_ = false; }

 private:
  link::Frame respond(const link::Frame& request, models::FrameResult result,
                      std::vector<uint32_t> words = {}) {
    link::Frame response;
    response.op = request.op | link::kResponseBit;
    response.status = static_cast<uint8_t>(static_cast<unsigned>(result.status) |
                                           (model_.error() != 0 ? link::kStickyErrorBit : 0u));
    response.length = static_cast<uint16_t>(words.size());
    response.sequence = request.sequence;
    response.session = request.session;
    response.address = result.detail;
    response.payload = std::move(words);
    return response;
  }

  link::Frame refuse(const link::Frame& request, link::Status status, uint32_t detail,
                     uint32_t error) {
    model_.note_error(error);
    return respond(request, {status, detail});
  }

  link::Frame answer(const link::ReceivedFrame& received) {
    const link::Frame& request = received.frame;
    if (static_cast<link::Op>(request.op) == link::Op::kSync) {
      open_ = true;
      session_ = request.session;
      expected_ = static_cast<uint16_t>(request.sequence + 1);
      kept_.clear();
      std::vector<uint32_t> words(8);
      model_.read(spec::kRegMagic, words);
      return respond(request, {}, {words[0], words[1], words[7]});
    }
    if (!open_ || request.session != session_) {
      return refuse(request, link::Status::kBadSession, open_ ? session_ : 0,
                    spec::kErrorSequenceMask);
    }
    const auto age = static_cast<uint16_t>(expected_ - request.sequence - 1);
    if (age < kept_.size()) return kept_[age];
    if (request.sequence != expected_)
      return refuse(request, link::Status::kBadSequence, expected_, spec::kErrorSequenceMask);
    if (received.payload_damaged)
      return refuse(request, link::Status::kPayloadCrc, 0, spec::kErrorPcrcMask);
    executed_.push_back(request);
    kept_.push_front(execute(request));
    if (kept_.size() > static_cast<size_t>(model_.config().kept)) kept_.pop_back();
    ++expected_;
    return kept_.front();
  }

  link::Frame execute(const link::Frame& request) {
    switch (static_cast<link::Op>(request.op)) {
      case link::Op::kRead: {
        std::vector<uint32_t> words(request.length);
        const models::FrameResult result = model_.read(request.address, words);
        if (result.status != link::Status::kOk) words.clear();
        return respond(request, result, words);
      }
      case link::Op::kWrite:
        return respond(request, model_.write(request.address, request.payload));
      case link::Op::kWriteFixed:
        return respond(request, model_.write_fixed(request.address, request.payload));
      case link::Op::kWaitIdle:
        return respond(request, model_.wait_idle(request.address));
      default:
        return refuse(request, link::Status::kBadOp, 0, spec::kErrorBadOpMask);
    }
  }

  models::DeviceModel model_;
  link::FrameReceiver receiver_;
  bool open_ = false;
  uint16_t session_ = 0, expected_ = 0;
  std::deque<link::Frame> kept_;  ///< newest first
  std::vector<link::Frame> executed_;
  uint64_t frames_seen_ = 0;
};

}  // namespace crucible::port
