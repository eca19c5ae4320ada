// A deadline for calls that have none: when it passes, the process says so and ends.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace crucible::mpi {

class Watchdog {
 public:
  /// The process ends with `exit_code` and `message` on stderr unless this object is destroyed in
  /// time.
  Watchdog(std::chrono::milliseconds patience, std::string message, int exit_code);
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool done_ = false;
  std::jthread thread_;  ///< last: it starts when everything else is there
};

}  // namespace crucible::mpi
