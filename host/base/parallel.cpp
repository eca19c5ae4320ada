#include "host/base/parallel.hpp"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace crucible {

int thread_count(int requested) {
  if (requested > 0) return requested;
  cpu_set_t mine;
  CPU_ZERO(&mine);
  // It fails on machines with more cores than the set has room for.
  if (sched_getaffinity(0, sizeof mine, &mine) != 0) return core_count();
  return std::max(1, CPU_COUNT(&mine));
}

int core_count() { return std::max(1, static_cast<int>(std::thread::hardware_concurrency())); }

void parallel_shards(size_t shards, int threads,
                     const std::function<void(size_t shard, int worker)>& body) {
  std::atomic<size_t> next{0};
  std::exception_ptr failure;
  std::mutex failure_mutex;
  const auto work = [&](int worker) {
    for (size_t shard = next++; shard < shards; shard = next++) {
      try {
        body(shard, worker);
      } catch (...) {
        const std::scoped_lock lock(failure_mutex);
        if (!failure) failure = std::current_exception();
        next = shards;
      }
    }
  };
  const int extra = std::min<int>(threads, static_cast<int>(shards)) - 1;
  std::vector<std::jthread> pool;
  for (int worker = 1; worker <= extra; ++worker) pool.emplace_back(work, worker);
  work(0);
  pool.clear();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace crucible
