// How work is split between workers, and what they tell each other. All but share_of() and the
// questions are calls that every worker makes. Null stands for this process alone.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "host/base/i_workers.hpp"

namespace crucible {

/// Whether this process writes and prints.
[[nodiscard]] bool is_first(const IWorkers* workers);
[[nodiscard]] int worker_count(const IWorkers* workers);

/// As thread_count(), where the workers of one machine share its cores.
[[nodiscard]] int thread_count(int requested, const IWorkers* workers);

/// A run of units of work: first .. last - 1.
struct Share {
  size_t first = 0, last = 0;
  [[nodiscard]] size_t size() const { return last - first; }
};

/// The share of one rank, or of this worker, in `units`: as even as can be, in order.
[[nodiscard]] Share share_of(size_t units, int rank, int size);
[[nodiscard]] Share share_of(size_t units, const IWorkers* workers);

/// `values` is `units` runs of equal size, of which each worker has filled its share.
template <class T>
void gather_units(IWorkers* workers, std::span<T> values, size_t units) {
  if (worker_count(workers) == 1 || units == 0) return;
  std::vector<size_t> ends;
  for (int rank = 0; rank < workers->size(); ++rank)
    ends.push_back(share_of(units, rank, workers->size()).last * (values.size_bytes() / units));
  workers->gather(std::as_writable_bytes(values), ends);
}

/// Everyone's text, by rank.
[[nodiscard]] std::vector<std::string> gather_texts(IWorkers* workers, const std::string& mine);
/// The first worker's text; the others' are ignored.
[[nodiscard]] std::string text_of_first(IWorkers* workers, const std::string& mine);
/// The largest of everyone's values.
[[nodiscard]] int largest(IWorkers* workers, int mine);
[[nodiscard]] uint64_t sum(IWorkers* workers, uint64_t mine);
/// Whether it is so for anyone.
[[nodiscard]] bool any(IWorkers* workers, bool mine);

/// Name and value of what must be the same everywhere.
using Facts = std::map<std::string, std::string>;

/// Throws crucible::Error(kMismatch) on every worker, naming each fact that differs from the first
/// worker's, with both values and the rank. `what` opens the message.
void require_equal_facts(IWorkers* workers, const std::string& what, const Facts& mine);

}  // namespace crucible
