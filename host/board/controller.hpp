// The board's core seen from the host: loading firmware, and commands over the mailbox.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <span>

#include "firmware/interface/mailbox.h"
#include "host/board/firmware_image.hpp"
#include "host/driver/identity.hpp"
#include "host/port/i_port.hpp"

namespace crucible::board {

using Results = std::array<uint32_t, FW_RESULT_COUNT>;

struct ControllerOptions {
  /// A command that shows no progress for so long is given up: an outer guard in wall-clock time;
  /// a hang of the firmware ends earlier by the board's watchdog, in clock cycles.
  std::chrono::milliseconds stall_timeout{60'000};
};

/// What a command has to do, as far as the host knows: how long not to ask for the answer.
struct Work {
  uint32_t units = 0;                ///< of FW_PROGRESS when it is done; 0: not known
  std::chrono::nanoseconds unit{0};  ///< that one takes at least
};

/// Called with the units of work done, now and then with the same number; returning false stops the
/// core and ends the command with crucible::Error(kUsage).
using BoardProgress = std::function<bool(uint32_t done)>;

/// Errors of the port pass through. What goes wrong on the board is a crucible::Error(kDevice) that
/// names the command and what the firmware says: a refused argument or network block, a trap with
/// its cause and address, the watchdog; kTimeout where nothing moves.
class Controller {
 public:
  /// Throws crucible::Error(kUsage) for a device without a controller.
  Controller(port::IPort& port, const driver::Identity& identity,
             const ControllerOptions& options = {});

  /// Stops the core, writes the firmware, reads it back, starts the core and waits until it says
  /// that it is ready. Throws crucible::Error(kMismatch) naming the first word that differs.
  void start(const FirmwareImage& image);
  void stop();

  /// Carries out a command (enum fw_command); at most FW_ARGUMENT_COUNT arguments.
  Results call(fw_command command, std::span<const uint32_t> arguments, const Work& work = {},
               const BoardProgress& progress = {});

  [[nodiscard]] port::IPort& port() { return port_; }
  [[nodiscard]] const driver::Identity& identity() const { return identity_; }

 private:
  struct Mail {
    uint32_t answer = 0;
    Results results{};
    uint32_t progress = 0;
  };
  [[nodiscard]] Mail read_mail();
  void load(const FirmwareSegment& segment);
  /// Until the answer carries the number; `what` for messages.
  Mail wait(uint32_t number, const char* what, const Work& work, const BoardProgress& progress);
  /// Calls `progress`, and ends the command where it says so.
  void report(const char* what, uint32_t done, const BoardProgress& progress);
  /// Calls `progress` meanwhile.
  void sleep(std::chrono::nanoseconds pause, const char* what, uint32_t done,
             const BoardProgress& progress);
  /// Throws when the core does not run any more.
  void require_running(const char* what, const Mail& mail);
  [[noreturn]] void refuse(const char* what, const std::string& why) const;

  port::IPort& port_;
  driver::Identity identity_;
  ControllerOptions options_;
  uint32_t number_ = 0;  ///< of the last command
};

/// "LOAD"; for messages.
[[nodiscard]] const char* command_name(uint32_t command);
/// What an answer other than OK says, in words.
[[nodiscard]] std::string describe_answer(uint32_t command, uint32_t status,
                                          const Results& results);

}  // namespace crucible::board
