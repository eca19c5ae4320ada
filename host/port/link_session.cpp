#include "host/port/link_session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <random>

#include "host/base/deadline.hpp"
#include "models/error.hpp"

namespace crucible::port {

using link::Clock;
using link::Frame;
using link::Op;
using link::Status;

namespace {

/// Zeros that end whatever half a header the device may be waiting for; they are no preamble.
constexpr size_t kResendPadding = link::kHeaderBytes;

}  // namespace

/// State of one call of transact(). Requests first .. next - 1 are outstanding.
struct LinkSession::Transaction {
  std::span<const Request> requests;
  std::vector<Answer> answers;
  std::vector<bool>
      repeated;  ///< sent again since the last time-out, or since the oldest was answered
  uint16_t first_sequence = 0;  ///< of requests[0]
  size_t first = 0, next = 0;
  int attempt = 0;  ///< repetitions since the last answer
  bool refused = false;
  Clock::time_point since;  ///< last answer or sending
};

LinkSession::LinkSession(std::unique_ptr<link::ITransport> transport, const LinkOptions& options)
    : transport_(std::move(transport)),
      options_(options),
      session_(options.session ? *options.session : static_cast<uint16_t>(std::random_device{}())),
      sequence_(options.first_sequence) {
  start();
}

void LinkSession::queue(const Request& request, uint16_t sequence) {
  Frame frame;
  frame.op = static_cast<uint8_t>(request.op);
  frame.length = static_cast<uint16_t>(request.words());
  frame.sequence = sequence;
  frame.session = session_;
  frame.address = request.address;
  frame.payload.assign(request.from.begin(), request.from.end());
  link::encode(frame, outgoing_);
}

void LinkSession::flush(Clock::time_point deadline) {
  statistics_.bytes_sent += outgoing_.size();
  try {
    transport_->write(outgoing_, deadline);
  } catch (const Error& error) {
    outgoing_.clear();
    give_up(error.kind(), error.what());
  }
  outgoing_.clear();
}

bool LinkSession::receive(Clock::time_point deadline) {
  std::array<uint8_t, 16'384> bytes;
  size_t count = 0;
  try {
    count = Clock::now() < deadline ? transport_->read(bytes, deadline) : 0;
  } catch (const Error& error) {
    give_up(error.kind(), error.what());
  }
  statistics_.bytes_received += count;
  receiver_.push(std::span(bytes).first(count));
  return count > 0;
}

Clock::duration LinkSession::patience(const Request& request, int attempt) const {
  using std::chrono::milliseconds;
  const auto silence =
      std::min(options_.longest_timeout, options_.frame_timeout * (1 << std::min(attempt, 16)));
  const size_t bytes = 2 * link::kHeaderBytes + 4 * (request.words() + 1);
  const auto wire = milliseconds(1000 * bytes / std::max(1u, options_.slowest_bytes_per_s));
  const uint64_t cycles = request.op == Op::kWaitIdle ? request.address : 0;
  return silence + wire + milliseconds(1000 * cycles / std::max(1u, options_.slowest_clock_hz));
}

std::vector<Answer> LinkSession::transact(std::span<const Request> requests) {
  if (!broken_.empty())
    throw Error(ErrorKind::kDevice,
                fmt::format("{}: the link was given up before ({}); open the device again",
                            describe(), broken_));
  Transaction run;
  run.requests = requests;
  run.answers.resize(requests.size());
  run.repeated.resize(requests.size());
  run.first_sequence = sequence_;
  run.since = Clock::now();
  while (run.first < (run.refused ? run.next : requests.size())) {
    while (!run.refused && run.next < requests.size() && run.next - run.first < kept_) {
      const Request& request = requests[run.next++];
      log_.sent(request.op, sequence_, request.address, request.words());
      queue(request, sequence_++);
      ++statistics_.frames;
    }
    if (!outgoing_.empty()) {
      flush(deadline_in(patience(requests[run.first], options_.max_retries)));
      run.since = Clock::now();
    }
    wait_for_answer(run);
  }
  return std::move(run.answers);
}

void LinkSession::wait_for_answer(Transaction& run) {
  const auto deadline = run.since + patience(run.requests[run.first], run.attempt);
  if (receive(deadline)) {
    while (const auto received = receiver_.next()) {
      if (!received->payload_damaged) take(run, received->frame);
    }
    return;
  }
  ++statistics_.timeouts;
  std::fill(run.repeated.begin() + static_cast<std::ptrdiff_t>(run.first), run.repeated.end(),
            false);
  outgoing_.insert(outgoing_.end(), kResendPadding, 0);
  resend(run, false, run.next);
}

void LinkSession::resend(Transaction& run, bool only_new, size_t end) {
  bool any = false;
  for (size_t i = run.first; i < end; ++i) {
    if (run.answers[i].answered || (only_new && run.repeated[i])) continue;
    if (!any && ++run.attempt > options_.max_retries) {
      const Request& request = run.requests[run.first];
      give_up(ErrorKind::kTimeout,
              fmt::format("no answer to {} #{} after {} attempts; whether the device has carried "
                          "it out is unknown; check power and cable",
                          spec::op_name(request.op),
                          static_cast<uint16_t>(run.first_sequence + run.first), run.attempt));
    }
    any = true;
    const auto sequence = static_cast<uint16_t>(run.first_sequence + i);
    run.repeated[i] = true;
    log_.sent_again(sequence);
    queue(run.requests[i], sequence);
    ++statistics_.resent;
  }
}

void LinkSession::take(Transaction& run, const Frame& response) {
  const size_t index =
      run.first + static_cast<uint16_t>(response.sequence - run.first_sequence - run.first);
  const bool known =
      response.session == session_ && index < run.next &&
      response.op == (static_cast<uint8_t>(run.requests[index].op) | link::kResponseBit);
  if (!known || run.answers[index].answered) {
    ++statistics_.stale;
    return;
  }
  const Request& request = run.requests[index];
  const Status status = response.code();
  if (status == Status::kBadSession) {
    log_.answered(response.sequence, status);
    give_up(ErrorKind::kDevice,
            fmt::format("BAD_SESSION (the device's session is now 0x{:04x}, ours 0x{:04x}): {}",
                        response.address & 0xFFFF, session_, link::status_hint(status)));
  }
  if (status == Status::kBadSequence) {
    // The device misses an earlier one of our frames: all from there on must go out again.
    const size_t missing = static_cast<uint16_t>(response.address - run.first_sequence - run.first);
    if (missing + run.first >= run.next) {
      log_.answered(response.sequence, status);
      give_up(ErrorKind::kDevice,
              fmt::format("BAD_SEQUENCE (the device expects {}, frame {} was sent): {}",
                          response.address & 0xFFFF, response.sequence, link::status_hint(status)));
    }
  }
  if (status == Status::kBadSequence || status == Status::kPayloadCrc) {
    ++statistics_.refused_damaged;
    return resend(run, true, run.next);
  }
  if (status == Status::kOk && request.op == Op::kRead &&
      response.payload.size() != request.into.size()) {
    give_up(ErrorKind::kDevice,
            fmt::format("READ of {} words was answered with {}; compare protocol versions",
                        request.into.size(), response.payload.size()));
  }
  if (status == Status::kOk)
    std::copy(response.payload.begin(), response.payload.end(), request.into.begin());
  run.answers[index] = {true, status, response.address};
  log_.answered(response.sequence, status);
  run.refused = run.refused || status != Status::kOk;
  run.attempt = 0;
  run.since = Clock::now();
  if (index > run.first)
    return resend(run, true, index);  // answers come in order: those before it were lost
  while (run.first < run.next && run.answers[run.first].answered) ++run.first;
  std::fill(run.repeated.begin() + static_cast<std::ptrdiff_t>(run.first), run.repeated.end(),
            false);
}

void LinkSession::give_up(ErrorKind kind, const std::string& reason) {
  broken_ = reason;
  const std::string where = reason.starts_with(describe()) ? "" : describe() + ": ";
  throw Error(kind, fmt::format("{}{}\n{}", where, reason, log_.describe()));
}

}  // namespace crucible::port
