#include "host/port/link_port.hpp"

#include <algorithm>
#include <vector>

#include "host/port/refused_error.hpp"

namespace crucible::port {

namespace {

/// Where in which step a frame lies.
struct Piece {
  size_t step = 0;
  size_t offset = 0;
};

}  // namespace

LinkPort::LinkPort(std::unique_ptr<link::ITransport> transport, const LinkOptions& options)
    : session_(std::move(transport), options) {}

void LinkPort::read(uint32_t address, std::span<uint32_t> words) {
  const Step step = Step::read(address, words);
  run({&step, 1});
}

void LinkPort::write(uint32_t address, std::span<const uint32_t> words) {
  const Step step = Step::write(address, words);
  run({&step, 1});
}

void LinkPort::write_fixed(uint32_t address, std::span<const uint32_t> words) {
  const Step step = Step::write_fixed(address, words);
  run({&step, 1});
}

void LinkPort::wait_idle(uint32_t cycles) {
  const Step step = Step::wait_idle(cycles);
  run({&step, 1});
}

void LinkPort::run(std::span<const Step> steps) {
  std::vector<Request> requests;
  std::vector<Piece> pieces;
  for (size_t i = 0; i < steps.size(); ++i) {
    const Step& step = steps[i];
    if (step.op == spec::Op::kWaitIdle) {
      requests.push_back({step.op, step.address, {}, {}});
      pieces.push_back({i, 0});
    }
    for (size_t offset = 0; offset < step.words(); offset += session_.max_payload()) {
      const size_t words = std::min(session_.max_payload(), step.words() - offset);
      const bool fixed = step.op == spec::Op::kWriteFixed;
      Request request{
          step.op, step.address + (fixed ? 0 : static_cast<uint32_t>(4 * offset)), {}, {}};
      if (step.op == spec::Op::kRead)
        request.into = step.into.subspan(offset, words);
      else
        request.from = step.from.subspan(offset, words);
      requests.push_back(request);
      pieces.push_back({i, offset});
    }
  }
  const std::vector<Answer> answers = session_.transact(requests);
  const auto refused = std::find_if(answers.begin(), answers.end(), [](const Answer& answer) {
    return answer.answered && answer.status != spec::Status::kOk;
  });
  if (refused == answers.end()) return;
  const auto index = static_cast<size_t>(refused - answers.begin());
  const Step& step = steps[pieces[index].step];
  RefusedFrame frame;
  frame.op = step.op;
  frame.address = requests[index].address;
  frame.words = requests[index].words();
  frame.words_done = pieces[index].offset;
  frame.step_words = step.words();
  frame.later_done =
      static_cast<size_t>(std::count_if(refused + 1, answers.end(), [](const Answer& answer) {
        return answer.answered && answer.status == spec::Status::kOk;
      }));
  frame.status = refused->status;
  frame.detail = refused->detail;
  frame.word = refused_word(frame.op, frame.address, requests[index].from, frame.detail);
  throw RefusedError(describe(), frame);
}

PortStatistics LinkPort::statistics() const {
  const LinkStatistics& link = session_.statistics();
  return {link.bytes_sent, link.bytes_received, link.frames, link.resent};
}

}  // namespace crucible::port
