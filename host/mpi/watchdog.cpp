#include "host/mpi/watchdog.hpp"

#include <cstdio>
#include <cstdlib>
#include <utility>

namespace crucible::mpi {

Watchdog::Watchdog(std::chrono::milliseconds patience, std::string message, int exit_code)
    : thread_([this, patience, message = std::move(message), exit_code] {
        std::unique_lock lock(mutex_);
        if (changed_.wait_for(lock, patience, [this] { return done_; })) return;
        std::fputs(("crucible: error: " + message + "\n").c_str(), stderr);
        std::_Exit(exit_code);  // the thread that is stuck in MPI cannot be unwound
      }) {}

Watchdog::~Watchdog() {
  const std::scoped_lock lock(mutex_);
  done_ = true;
  changed_.notify_all();
}

}  // namespace crucible::mpi
