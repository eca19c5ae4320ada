#include "host/search/run_search.hpp"

#include <chrono>

#include "host/search/registry.hpp"

namespace crucible::search {

Stop drive(Arena& arena, ISearch& search, const SearchSettings& settings, const Progress& progress,
           CheckpointFile* checkpoint) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point begin = Clock::now();
  if (checkpoint != nullptr) static_cast<void>(checkpoint->load(arena, search));
  bool more = true;
  while (more) {
    more = search.advance();
    if (more && checkpoint != nullptr) checkpoint->save(arena, search);
    if (progress && !progress(arena.trace().back(), search.planned()) && more) return Stop::kCaller;
    const std::chrono::duration<double> spent = Clock::now() - begin;
    if (more && settings.seconds > 0 && spent.count() >= settings.seconds) return Stop::kClock;
  }
  if (checkpoint != nullptr) checkpoint->remove();
  return Stop::kFinished;
}

SearchResult run_search(const SearchProblem& problem, const std::string& method,
                        const SearchSettings& settings, const Progress& progress,
                        CheckpointFile* checkpoint) {
  const MethodEntry& entry = find_method(method);
  Arena arena(problem);
  const std::unique_ptr<ISearch> search = entry.make(arena, settings);
  if (checkpoint != nullptr) checkpoint->identify(identity_of(problem, method, settings));
  return arena.result(drive(arena, *search, settings, progress, checkpoint));
}

}  // namespace crucible::search
