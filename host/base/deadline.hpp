// Deadlines: points on the monotonic clock, never durations that restart.
#pragma once

#include <algorithm>
#include <chrono>

namespace crucible {

using Clock = std::chrono::steady_clock;

[[nodiscard]] inline Clock::time_point deadline_in(Clock::duration duration) {
  return Clock::now() + duration;
}

/// Milliseconds until `deadline`, rounded up; 0 when it has passed.
[[nodiscard]] inline int remaining_ms(Clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
  return static_cast<int>(std::clamp<long long>(left.count(), 0, 1'000'000'000));
}

}  // namespace crucible
