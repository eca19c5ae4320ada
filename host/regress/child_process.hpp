// Programs as children with a deadline each, several at a time. A child leads a process group of
// its own: Ctrl-C does not reach it, and what it started ends with it.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace crucible::regress {

struct Task {
  std::vector<std::string> command;  ///< program (found in PATH where it has no slash), arguments
  std::vector<std::string> environment;  ///< NAME=value, beside those of this process
  std::filesystem::path folder;          ///< where it runs; empty: here
  std::filesystem::path out, err;        ///< files; the same one: both in order
  std::chrono::milliseconds limit{60'000};
};

enum class Ending { kExit, kSignal, kTimeout, kNotStarted, kStopped };

struct TaskEnd {
  Ending how = Ending::kStopped;
  int code = 0;        ///< exit code, or number of the signal
  std::string reason;  ///< for kNotStarted
  double seconds = 0;
  [[nodiscard]] bool good() const { return how == Ending::kExit && code == 0; }
  /// "exit code 3", "signal 11 (Segmentation fault)", "time-out after 60 s" ..
  [[nodiscard]] std::string text() const;
};

using Stop = std::function<bool()>;

/// Runs the tasks, `jobs` at a time, in order; `ended` is called for each as it ends. When `stop`
/// says so, those under way are ended and they and the others are reported as kStopped. A task over
/// its limit is killed with its process group.
void run_tasks(const std::vector<Task>& tasks, int jobs, const Stop& stop,
               const std::function<void(size_t, const TaskEnd&)>& ended);

[[nodiscard]] TaskEnd run_task(const Task& task, const Stop& stop);

/// The command as a shell takes it.
[[nodiscard]] std::string shell_text(const std::vector<std::string>& environment,
                                     const std::vector<std::string>& command);

}  // namespace crucible::regress
