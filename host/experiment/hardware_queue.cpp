#include "host/experiment/hardware_queue.hpp"

#include <utility>

namespace crucible::experiment {

HardwareQueue::HardwareQueue() : thread_([this] { work(); }) {}

HardwareQueue::~HardwareQueue() {
  {
    const std::scoped_lock lock(mutex_);
    jobs_.clear();
    stop_ = true;
  }
  changed_.notify_all();
}

void HardwareQueue::add(Job job) {
  {
    const std::scoped_lock lock(mutex_);
    if (!failure_) jobs_.push_back(std::move(job));
  }
  changed_.notify_all();
}

void HardwareQueue::drop_waiting() {
  const std::scoped_lock lock(mutex_);
  jobs_.clear();
}

void HardwareQueue::finish() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return jobs_.empty() && !running_; });
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

bool HardwareQueue::failed() const {
  const std::scoped_lock lock(mutex_);
  return failure_ != nullptr;
}

size_t HardwareQueue::waiting() const {
  const std::scoped_lock lock(mutex_);
  return jobs_.size();
}

void HardwareQueue::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return stop_ || !jobs_.empty(); });
    if (stop_) return;
    const Job job = std::move(jobs_.front());
    jobs_.pop_front();
    running_ = true;
    lock.unlock();
    std::exception_ptr failure;
    try {
      job();
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    running_ = false;
    if (failure) {
      failure_ = failure;
      jobs_.clear();
    }
    changed_.notify_all();
  }
}

}  // namespace crucible::experiment
