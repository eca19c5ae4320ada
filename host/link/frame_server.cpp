#include "host/link/frame_server.hpp"

#include <utility>

#include "models/device/identity_registers.hpp"
#include "models/device/register_rules.hpp"

namespace crucible::link {

Frame FrameServer::respond(const Frame& request, models::FrameResult result,
                           std::vector<uint32_t> words) const {
  Frame response;
  response.op = static_cast<uint8_t>(request.op + kResponseBit);
  response.status = static_cast<uint8_t>(static_cast<unsigned>(result.status) |
                                         (target_.errors().any_error() ? kStickyErrorBit : 0u));
  response.length = static_cast<uint16_t>(words.size());
  response.sequence = request.sequence;
  response.session = request.session;
  response.address = result.detail;
  response.payload = std::move(words);
  return response;
}

Frame FrameServer::refuse(const Frame& request, Status status, uint32_t detail) {
  target_.errors().note_error(models::error_bit(status));
  return respond(request, {status, detail});
}

Frame FrameServer::sync(const Frame& request) {
  open_ = true;
  session_ = request.session;
  expected_ = static_cast<uint16_t>(request.sequence + 1);
  kept_.clear();
  std::vector<uint32_t> words;
  for (const uint32_t address : {spec::kRegMagic, spec::kRegVersion, spec::kRegLinkInfo})
    words.push_back(*models::identity_register(config_, address));
  return respond(request, {}, std::move(words));
}

Frame FrameServer::answer(const ReceivedFrame& received) {
  const Frame& request = received.frame;
  if (request.status == 0 && static_cast<Op>(request.op) == Op::kSync) return sync(request);
  if (!open_ || request.session != session_) return refuse(request, Status::kBadSession, session_);
  const auto age = static_cast<uint16_t>(expected_ - request.sequence - 1);
  if (age < kept_.size()) return kept_[age];
  if (request.sequence != expected_) return refuse(request, Status::kBadSequence, expected_);
  if (received.payload_damaged) return refuse(request, Status::kPayloadCrc, 0);
  if (executed_) executed_(request);
  kept_.push_front(execute(request));
  if (kept_.size() > static_cast<size_t>(config_.kept)) kept_.pop_back();
  ++expected_;
  return kept_.front();
}

Frame FrameServer::execute(const Frame& request) {
  if (request.status != 0) return refuse(request, Status::kBadOp, 0);
  switch (static_cast<Op>(request.op)) {
    case Op::kRead: {
      if (request.length > config_.max_payload) return refuse(request, Status::kBadLength, 0);
      std::vector<uint32_t> words(request.length);
      const models::FrameResult result = target_.read(request.address, words);
      if (result.status != Status::kOk) words.clear();
      return respond(request, result, std::move(words));
    }
    case Op::kWrite:
      return respond(request, target_.write(request.address, request.payload, 4));
    case Op::kWriteFixed:
      return respond(request, target_.write(request.address, request.payload, 0));
    case Op::kWaitIdle:
      return respond(request, target_.wait_idle(request.address));
    default:
      return refuse(request, Status::kBadOp, 0);
  }
}

}  // namespace crucible::link
