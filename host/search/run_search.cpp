#include "host/search/run_search.hpp"

#include <fmt/format.h>

#include <chrono>

#include "host/search/equal_work.hpp"
#include "host/search/registry.hpp"

namespace crucible::search {

namespace {

/// What this worker would do after an iteration: a person may have stopped only one of them, and
/// their clocks differ.
Stop agreed(IWorkers* workers, Stop mine) {
  return static_cast<Stop>(largest(workers, static_cast<int>(mine)));
}

/// Everything that the rest of a search follows from; it must be the same everywhere.
void require_same_state(const Arena& arena) {
  IWorkers* workers = arena.problem().workers;
  if (worker_count(workers) == 1) return;
  const TracePoint& point = arena.trace().back();
  require_equal_facts(workers, fmt::format("search, iteration {}", point.iteration),
                      {{"loss", fmt::format("{}", point.loss)},
                       {"accuracy", fmt::format("{}", point.accuracy)},
                       {"best", fmt::format("{}", point.best)},
                       {"deviation", fmt::format("{}", point.deviation)},
                       {"gradient evaluations", std::to_string(point.gradient_evaluations)}});
}

}  // namespace

Stop drive(Arena& arena, ISearch& search, const SearchSettings& settings, const Progress& progress,
           CheckpointFile* checkpoint) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point begin = Clock::now();
  if (checkpoint != nullptr) static_cast<void>(checkpoint->load(arena, search));
  while (true) {
    const bool more = search.advance();
    require_same_state(arena);
    if (more && checkpoint != nullptr) checkpoint->save(arena, search);
    Stop stop = Stop::kFinished;
    const std::chrono::duration<double> spent = Clock::now() - begin;
    if (settings.seconds > 0 && spent.count() >= settings.seconds) stop = Stop::kClock;
    if (progress && !progress(arena.trace().back(), search.planned())) stop = Stop::kCaller;
    if (!more || arena.reached()) break;
    stop = agreed(arena.problem().workers, stop);
    if (stop != Stop::kFinished) return stop;
  }
  if (checkpoint != nullptr) checkpoint->remove();
  return arena.reached() ? Stop::kReached : Stop::kFinished;
}

SearchResult run_search(const SearchProblem& problem, const std::string& method,
                        const SearchSettings& settings, const Progress& progress,
                        CheckpointFile* checkpoint) {
  const MethodEntry& entry = find_method(method);
  require_equal_work(problem, method, settings);
  Arena arena(problem);
  const std::unique_ptr<ISearch> search = entry.make(arena, settings);
  if (checkpoint != nullptr) checkpoint->identify(identity_of(problem, method, settings));
  return arena.result(drive(arena, *search, settings, progress, checkpoint));
}

}  // namespace crucible::search
