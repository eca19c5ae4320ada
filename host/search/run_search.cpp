#include "host/search/run_search.hpp"

#include <chrono>

#include "host/search/registry.hpp"

namespace crucible::search {

SearchResult run_search(const SearchProblem& problem, const std::string& method,
                        const SearchSettings& settings, const Progress& progress,
                        CheckpointFile* checkpoint) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point begin = Clock::now();
  const MethodEntry& entry = find_method(method);
  Arena arena(problem);
  const std::unique_ptr<ISearch> search = entry.make(arena, settings);
  bool more = true;
  if (checkpoint != nullptr) {
    checkpoint->identify(identity_of(problem, method, settings));
    static_cast<void>(checkpoint->load(arena, *search));
  }
  Stop stop = Stop::kFinished;
  while (more) {
    more = search->advance();
    if (more && checkpoint != nullptr) checkpoint->save(arena, *search);
    if (progress && !progress(arena.trace().back(), search->planned()) && more) {
      stop = Stop::kCaller;
      break;
    }
    const std::chrono::duration<double> spent = Clock::now() - begin;
    if (more && settings.seconds > 0 && spent.count() >= settings.seconds) {
      stop = Stop::kClock;
      break;
    }
  }
  if (!more && checkpoint != nullptr) checkpoint->remove();
  return arena.result(stop);
}

}  // namespace crucible::search
