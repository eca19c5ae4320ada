// How a session begins: SYNC, and what its answer says about the device.
#include <fmt/format.h>

#include <algorithm>

#include "host/base/deadline.hpp"
#include "host/port/link_session.hpp"
#include "models/error.hpp"

namespace crucible::port {

using link::Frame;
using link::Op;
using link::Status;

namespace {

/// Before a repeated SYNC: enough, doubled each time, to end a payload that another program left
/// half sent.
constexpr size_t kSyncPadding = 2'080;

}  // namespace

void LinkSession::start() {
  const auto deadline = deadline_in(options_.open_timeout);
  for (int attempt = 0;; ++attempt) {
    if (attempt > 0) outgoing_.assign(kSyncPadding << std::min(attempt - 1, 6), 0);
    const Request sync{Op::kSync, 0, {}, {}};
    queue(sync, sequence_);
    if (attempt == 0) log_.sent(Op::kSync, sequence_, 0, 0);
    flush(deadline);
    const auto again = std::min(deadline, deadline_in(patience(sync, std::min(attempt, 2))));
    while (receive(again)) {
      while (const auto received = receiver_.next()) {
        const Frame& frame = received->frame;
        const bool ours = !received->payload_damaged && frame.session == session_ &&
                          frame.sequence == sequence_ &&
                          frame.op == (static_cast<uint8_t>(Op::kSync) | link::kResponseBit);
        if (ours) return take_identity(frame);
        ++statistics_.stale;
      }
    }
    if (attempt >= options_.max_retries || Clock::now() >= deadline) {
      give_up(ErrorKind::kTimeout,
              statistics_.bytes_received == 0
                  ? "no answer to SYNC; is the device powered, clocked and out of reset, and is "
                    "this its port?"
                  : fmt::format("no answer to SYNC, only {} other bytes; is this the right baud "
                                "rate and a Crucible device?",
                                statistics_.bytes_received));
    }
    ++statistics_.timeouts;
  }
}

void LinkSession::take_identity(const Frame& response) {
  log_.answered(response.sequence, response.code());
  if (response.code() != Status::kOk || response.payload.size() != 3) {
    give_up(
        ErrorKind::kDevice,
        fmt::format(
            "SYNC was answered with {} and {} words instead of OK and 3; compare protocol versions",
            spec::status_name(response.code()), response.payload.size()));
  }
  if (response.payload[0] != spec::kMagicValue) {
    give_up(ErrorKind::kDevice,
            fmt::format("MAGIC is 0x{:08x} instead of 0x{:08x}; this is no Crucible device",
                        response.payload[0], spec::kMagicValue));
  }
  const uint32_t protocol =
      (response.payload[1] & spec::kVersionProtocolMask) >> spec::kVersionProtocolLsb;
  if (protocol != spec::kProtocolVersion) {
    give_up(ErrorKind::kDevice,
            fmt::format(
                "the device speaks link protocol {}, this host {}; use matching versions of both",
                protocol, spec::kProtocolVersion));
  }
  kept_ = (response.payload[2] & spec::kLinkInfoKeptMask) >> spec::kLinkInfoKeptLsb;
  max_payload_ =
      (response.payload[2] & spec::kLinkInfoMaxPayloadMask) >> spec::kLinkInfoMaxPayloadLsb;
  if (kept_ == 0 || max_payload_ == 0) {
    give_up(
        ErrorKind::kDevice,
        fmt::format(
            "LINK_INFO is 0x{:08x}: {} kept responses, payloads of {} words; both must be positive",
            response.payload[2], kept_, max_payload_));
  }
  receiver_.set_max_payload(max_payload_);
  ++sequence_;
  ++statistics_.frames;
}

}  // namespace crucible::port
