// Looking for a short while before sleeping: who has just spoken soon speaks again, and to wake a
// process takes longer than most answers.
#pragma once

#include <algorithm>
#include <chrono>

#include "host/base/deadline.hpp"

namespace crucible {

/// Whether this process may run on more than one core.
[[nodiscard]] bool may_use_several_cores();

/// One waiter's habit. It keeps its core for kLongest at most before it sleeps, and where that was
/// in vain, not at all for the next kSkipped times: the answer may be long in coming, or whoever
/// gives it may need this very core.
class EagerWait {
 public:
  static constexpr std::chrono::microseconds kLongest{100};
  static constexpr int kSkipped = 64;

  /// With a single core, who looks keeps it from whom it waits for: then it looks once.
  explicit EagerWait(bool several_cores = may_use_several_cores())
      : several_cores_(several_cores) {}

  /// Calls `look`, which does not sleep, until it returns true, not beyond `deadline`; at least
  /// once. Returns what it returned last.
  template <class Look>
  bool operator()(Look look, Clock::time_point deadline = Clock::time_point::max()) {
    if (look()) return true;
    if (!several_cores_ || skip_ > 0) {
      skip_ = std::max(0, skip_ - 1);
      return false;
    }
    const auto end = std::min(deadline, Clock::now() + kLongest);
    while (Clock::now() < end)
      if (look()) return true;
    skip_ = kSkipped;
    return false;
  }

 private:
  const bool several_cores_;
  int skip_ = 0;  ///< times
};

}  // namespace crucible
