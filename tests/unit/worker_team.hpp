// Workers that are threads of the test: the same program on each, as mpirun would start it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <span>
#include <vector>

#include "host/base/i_workers.hpp"

namespace crucible::test {

class WorkerTeam {
 public:
  explicit WorkerTeam(int size) : parts_(static_cast<size_t>(size)) {}

  /// Runs the body once for each worker, side by side. The first exception is rethrown after all
  /// have ended; the others' calls throw once one has failed.
  void run(const std::function<void(IWorkers&)>& body);

 private:
  class Member;
  /// Waits until all members are here, or throws: one failed, or did not come.
  void meet(std::unique_lock<std::mutex>& lock);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::span<std::byte>> parts_;
  std::vector<std::byte> whole_;
  size_t here_ = 0;
  uint64_t meetings_ = 0;
  bool failed_ = false;
};

}  // namespace crucible::test
