// A crucible-board of our own: started, waited for, and ended with its temporary folder.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <string>

namespace crucible::port {

class BoardProcess {
 public:
  struct Options {
    std::filesystem::path program;  ///< see find_board()
    std::string config = "full";
    std::string model = "rtl";  ///< of crucible-board's --model
    /// Also offer the UART's pins as a pseudo-terminal, and let clients come and go; without it the
    /// board ends by itself when its client goes, even if this process dies.
    bool uart = false;
    /// Be a PCIe card, reached over vfio-user at socket_path() and by nothing else.
    bool card = false;
    std::chrono::milliseconds start_timeout{30'000};
    std::chrono::milliseconds stop_timeout{5'000};
  };

  /// Starts the program in a process group of its own (so that Ctrl-C reaches only the host) and
  /// waits until it is ready. Throws crucible::Error: kDevice when it cannot be started or ends,
  /// kTimeout after the deadline; both with its last output.
  explicit BoardProcess(const Options& options);
  /// SIGTERM, and SIGKILL after the deadline. The process is gone and the folder removed
  /// afterwards.
  ~BoardProcess();
  BoardProcess(const BoardProcess&) = delete;
  BoardProcess& operator=(const BoardProcess&) = delete;

  [[nodiscard]] std::string socket_path() const { return (folder_ / "link.sock").string(); }
  /// The pseudo-terminal; only with Options::uart.
  [[nodiscard]] std::string uart_path() const { return (folder_ / "uart").string(); }
  [[nodiscard]] pid_t pid() const { return pid_; }
  /// How the program ended, and its last output; empty while it runs. Waits for the end at most
  /// `patience`.
  [[nodiscard]] std::string exit_report(std::chrono::milliseconds patience = {});

 private:
  void spawn();
  void wait_until_ready();
  [[nodiscard]] bool ended(std::chrono::milliseconds patience);
  [[nodiscard]] std::string last_output() const;
  void stop() noexcept;

  Options options_;
  std::filesystem::path folder_;
  pid_t pid_ = -1;
  int pid_fd_ = -1;
  int status_ = 0;  ///< as waitpid gives it, once ended
  bool reaped_ = false;
};

/// $CRUCIBLE_BOARD, or crucible-board beside the running program. Throws crucible::Error(kDevice)
/// when it is not there.
[[nodiscard]] std::filesystem::path find_board();

}  // namespace crucible::port
