#include "host/board/controller.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <thread>
#include <vector>

#include "host/port/refused_error.hpp"
#include "models/error.hpp"
#include "spec/gen/crucible_spec.hpp"

namespace crucible::board {
namespace {

using Clock = std::chrono::steady_clock;

constexpr uint32_t mail_word(uint32_t word) { return spec::kRegMailbox0 + 4 * word; }

using Nanoseconds = std::chrono::nanoseconds;

/// Every look for the answer is traffic. So the next one comes when the work should be done, as far
/// as its progress tells, and before there is any, after as much time again as has passed; but at
/// least every 2 s, or every time that a command has taken a quarter longer.
Nanoseconds poll_pause(Nanoseconds elapsed, uint32_t done, const Work& work) {
  Nanoseconds pause = std::max(elapsed, work.unit * work.units - elapsed);
  if (done > 0 && done <= work.units) pause = elapsed * (work.units - done) / done + elapsed / 32;
  return std::clamp<Nanoseconds>(pause, std::chrono::microseconds(200),
                                 std::max<Nanoseconds>(std::chrono::seconds(2), elapsed / 4));
}

/// A core that shows no progress for so long is looked at.
constexpr std::chrono::milliseconds kSuspicious{500};
/// How long a person who interrupts waits.
constexpr std::chrono::milliseconds kSlice{200};

}  // namespace

Controller::Controller(port::IPort& port, const driver::Identity& identity,
                       const ControllerOptions& options)
    : port_(port), identity_(identity), options_(options) {
  if (identity_.memory_bytes == 0)
    throw Error(ErrorKind::kUsage,
                fmt::format("{}: the device '{}' has no controller (FEATURES.controller is 0), so "
                            "nothing runs on the board; use a device with one",
                            port_.describe(), identity_.config_name));
}

void Controller::refuse(const char* what, const std::string& why) const {
  throw Error(ErrorKind::kDevice, fmt::format("{}: {}: {}", port_.describe(), what, why));
}

void Controller::stop() { port_.write_word(spec::kRegCoreCtrl, 0); }

void Controller::load(const FirmwareSegment& segment) {
  std::vector<uint32_t> words(segment.bytes.size() / 4), found(words.size());
  std::memcpy(words.data(), segment.bytes.data(), segment.bytes.size());
  const std::array<port::Step, 2> steps{port::Step::write(segment.address, words),
                                        port::Step::read(segment.address, found)};
  port_.run(steps);
  const auto [want, got] = std::mismatch(words.begin(), words.end(), found.begin());
  if (want == words.end()) return;
  const auto at = segment.address + static_cast<uint32_t>(4 * (want - words.begin()));
  throw Error(ErrorKind::kMismatch,
              fmt::format("{}: read-back of the firmware differs: {} is 0x{:08x}, 0x{:08x} was "
                          "written; the core stays in reset",
                          port_.describe(), port::describe_address(at), *got, *want));
}

void Controller::start(const FirmwareImage& image) {
  const auto memory = static_cast<uint32_t>(identity_.memory_bytes);
  for (const FirmwareSegment& segment : image.segments) {
    const uint32_t offset = segment.address - spec::kWindowMemory;
    const size_t bytes = segment.bytes.size() + segment.zeros;
    if (bytes <= memory && offset <= memory - bytes) continue;
    refuse("firmware",
           fmt::format("{} takes {} bytes at 0x{:08x}, board memory has {} at 0x{:08x}: {} are "
                       "missing; use a device with more memory",
                       image.name, bytes, segment.address, memory, spec::kWindowMemory,
                       offset + bytes - memory));
  }
  stop();
  for (const FirmwareSegment& segment : image.segments) load(segment);
  const std::array<uint32_t, FW_MAILBOX_WORDS> empty{};
  port_.write(spec::kRegMailbox0, empty);
  number_ = 0;
  port_.write_word(spec::kRegCoreCtrl, spec::kCoreCtrlRunMask);
  const Mail mail = wait(0, "start of the firmware", {}, {});
  const uint32_t status = mail.answer & 0xFFFF;
  if (status != FW_READY) refuse("start of the firmware", describe_answer(0, status, mail.results));
}

Controller::Mail Controller::read_mail() {
  std::array<uint32_t, FW_MAILBOX_WORDS - FW_ANSWER> words{};
  port_.read(mail_word(FW_ANSWER), words);
  Mail mail{words.front(), {}, words.back()};
  std::copy_n(words.begin() + 1, mail.results.size(), mail.results.begin());
  return mail;
}

void Controller::require_running(const char* what, const Mail& mail) {
  const uint32_t status = port_.read_word(spec::kRegCoreStatus);
  const auto done = fmt::format("after {} units of work", mail.progress);
  if ((status & spec::kCoreStatusWatchdogMask) != 0)
    refuse(what, fmt::format("the watchdog stopped the core {}; start it again", done));
  if ((status & spec::kCoreStatusTrapMask) != 0)
    refuse(what, fmt::format("the core trapped {} and could not say where; start it again", done));
  if ((status & spec::kCoreStatusRunningMask) == 0)
    refuse(what, fmt::format("the core was stopped {}; start it again", done));
}

void Controller::report(const char* what, uint32_t done, const BoardProgress& progress) {
  if (!progress || progress(done)) return;
  stop();
  throw Error(ErrorKind::kUsage,
              fmt::format("{}: {}: interrupted after {} units of work; the core is stopped",
                          port_.describe(), what, done));
}

void Controller::sleep(Nanoseconds pause, const char* what, uint32_t done,
                       const BoardProgress& progress) {
  for (; pause > kSlice; pause -= kSlice) {
    std::this_thread::sleep_for(kSlice);
    report(what, done, progress);
  }
  std::this_thread::sleep_for(pause);
}

Controller::Mail Controller::wait(uint32_t number, const char* what, const Work& work,
                                  const BoardProgress& progress) {
  const auto begin = Clock::now();
  auto moved = begin;
  uint32_t seen = 0;
  for (;;) {
    const Mail mail = read_mail();
    if (mail.answer != 0 && mail.answer >> 16 == number) return mail;
    const auto now = Clock::now();
    if (mail.progress != seen) {
      seen = mail.progress;
      moved = now;
      report(what, seen, progress);
    } else if (now - moved > kSuspicious) {
      require_running(what, mail);
      if (now - moved > options_.stall_timeout)
        throw Error(
            ErrorKind::kTimeout,
            fmt::format("{}: {}: nothing moved for {} ms (answer word 0x{:08x}, {} units of "
                        "work done); start the core again",
                        port_.describe(), what, options_.stall_timeout.count(), mail.answer,
                        mail.progress));
    }
    sleep(poll_pause(now - begin, seen, work), what, seen, progress);
  }
}

Results Controller::call(fw_command command, std::span<const uint32_t> arguments, const Work& work,
                         const BoardProgress& progress) {
  const char* what = command_name(command);
  if (arguments.size() > FW_ARGUMENT_COUNT)
    throw Error(ErrorKind::kInternal, fmt::format("{} with {} arguments", what, arguments.size()));
  number_ = number_ % 0xFFFF + 1;
  std::array<uint32_t, 1 + FW_ARGUMENT_COUNT> words{number_ << 16 | command};
  std::copy(arguments.begin(), arguments.end(), words.begin() + 1);
  port_.write(mail_word(FW_COMMAND), std::span(words).first(1 + arguments.size()));
  port_.write_word(spec::kRegDoorbell, spec::kDoorbellRingMask);
  const Mail mail = wait(number_, what, work, progress);
  const uint32_t status = mail.answer & 0xFFFF;
  if (status != FW_OK) refuse(what, describe_answer(command, status, mail.results));
  return mail.results;
}

}  // namespace crucible::board
