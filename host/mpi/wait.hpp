// A wait of many looks: how long it has lasted, and pauses between the looks that grow from none.
#pragma once

#include <algorithm>
#include <chrono>
#include <thread>

namespace crucible::mpi {

class Wait {
 public:
  /// Time that this process was awake: one that was stopped and goes on does not count its sleep.
  [[nodiscard]] std::chrono::milliseconds spent() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(spent_);
  }
  void pause() {
    constexpr int kYields = 2'000;
    constexpr std::chrono::microseconds kSleep{200};
    constexpr std::chrono::milliseconds kLongestNap{100};
    if (++pauses_ < kYields)
      std::this_thread::yield();
    else
      std::this_thread::sleep_for(kSleep);
    const Clock::time_point now = Clock::now();
    spent_ += std::min<Clock::duration>(now - last_, kLongestNap);
    last_ = now;
  }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point last_ = Clock::now();
  Clock::duration spent_{};
  int pauses_ = 0;
};

}  // namespace crucible::mpi
