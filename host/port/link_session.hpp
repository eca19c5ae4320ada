// A session of the host link: frames in order, each carried out exactly once, over a stream that
// may lose and damage bytes.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "host/link/frame_receiver.hpp"
#include "host/link/i_transport.hpp"
#include "host/port/link_options.hpp"
#include "host/port/transaction_log.hpp"
#include "models/error.hpp"

namespace crucible::port {

/// A frame to send. The buffers must live until the transaction has ended.
struct Request {
  link::Op op = link::Op::kRead;
  uint32_t address = 0;            ///< WAIT_IDLE: clock cycles
  std::span<uint32_t> into;        ///< READ: takes the words
  std::span<const uint32_t> from;  ///< WRITE, WRITE_FIXED
  [[nodiscard]] size_t words() const { return op == link::Op::kRead ? into.size() : from.size(); }
};

struct Answer {
  bool answered = false;  ///< false: never sent, because an earlier frame was refused
  link::Status status = link::Status::kOk;
  uint32_t detail = 0;
};

struct LinkStatistics {
  uint64_t bytes_sent = 0, bytes_received = 0;
  uint64_t frames = 0;  ///< requests, each counted once
  uint64_t resent = 0;  ///< requests sent again
  uint64_t timeouts = 0;
  uint64_t refused_damaged = 0;  ///< the device reported damage or a gap
  uint64_t stale = 0;            ///< responses to nothing that is outstanding
};

class LinkSession {
 public:
  /// Starts a session. Throws crucible::Error: kTimeout without an answer, kDevice when something
  /// else answers.
  LinkSession(std::unique_ptr<link::ITransport> transport, const LinkOptions& options);

  /// Sends the requests in order, at most kept() unanswered at a time. After the first refusal
  /// nothing more is sent, but what is under way is waited for. Throws crucible::Error when the
  /// link is given up; the session is unusable from then on.
  std::vector<Answer> transact(std::span<const Request> requests);

  [[nodiscard]] size_t kept() const { return kept_; }
  [[nodiscard]] size_t max_payload() const { return max_payload_; }
  [[nodiscard]] const LinkStatistics& statistics() const { return statistics_; }
  [[nodiscard]] const link::ReceiverStatistics& receiver_statistics() const {
    return receiver_.statistics();
  }
  [[nodiscard]] std::string describe() const { return transport_->describe(); }

 private:
  struct Transaction;
  void start();
  void take_identity(const link::Frame& response);
  void queue(const Request& request, uint16_t sequence);
  void flush(link::Clock::time_point deadline);
  bool receive(link::Clock::time_point deadline);
  void resend(Transaction& run, bool only_new, size_t end);
  void take(Transaction& run, const link::Frame& response);
  void wait_for_answer(Transaction& run);
  [[nodiscard]] link::Clock::duration patience(const Request& request, int attempt) const;
  [[noreturn]] void give_up(ErrorKind kind, const std::string& reason);

  std::unique_ptr<link::ITransport> transport_;
  LinkOptions options_;
  uint16_t session_ = 0;
  uint16_t sequence_ = 0;  ///< of the next request
  size_t kept_ = 1;
  size_t max_payload_ = 0;
  std::string broken_;  ///< why the session cannot be used any more; empty while it can
  link::FrameReceiver receiver_;
  std::vector<uint8_t> outgoing_;
  TransactionLog log_;
  LinkStatistics statistics_;
};

}  // namespace crucible::port
