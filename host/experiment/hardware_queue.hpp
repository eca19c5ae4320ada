// Measurements on the device, one after the other on a thread of their own, while searches go on.
#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>

namespace crucible::experiment {

class HardwareQueue {
 public:
  using Job = std::function<void()>;
  HardwareQueue();
  /// Drops what waits and waits for the running job.
  ~HardwareQueue();
  HardwareQueue(const HardwareQueue&) = delete;
  HardwareQueue& operator=(const HardwareQueue&) = delete;

  void add(Job job);
  /// Forgets the jobs that wait; the running one goes on.
  void drop_waiting();
  /// Waits until all jobs are done. Rethrows the first exception of a job; after one, the others
  /// are dropped.
  void finish();
  [[nodiscard]] bool failed() const;
  [[nodiscard]] size_t waiting() const;

 private:
  void work();
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> jobs_;
  bool running_ = false;
  bool stop_ = false;
  std::exception_ptr failure_;
  std::jthread thread_;  ///< last: it starts when everything else is there
};

}  // namespace crucible::experiment
