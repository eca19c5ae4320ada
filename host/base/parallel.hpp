// Fixed shards over threads: the result of a reduction does not depend on the number of threads.
#pragma once

#include <cstddef>
#include <functional>

namespace crucible {

/// Number of threads to use: `requested` if positive, else one for each core that this process may
/// run on.
[[nodiscard]] int thread_count(int requested = 0);

/// Cores of the machine.
[[nodiscard]] int core_count();

/// Calls body(shard, worker) once for each shard in 0 .. shards - 1, on at most `threads` threads;
/// worker < threads. The first exception is rethrown after all threads have ended.
void parallel_shards(size_t shards, int threads,
                     const std::function<void(size_t shard, int worker)>& body);

}  // namespace crucible
