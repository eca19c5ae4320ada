#include "host/search/cells/run_cell_search.hpp"

#include <algorithm>

#include "host/search/cells/cell_refinement.hpp"
#include "host/search/equal_work.hpp"
#include "host/search/registry.hpp"
#include "host/search/stages.hpp"
#include "models/error.hpp"

namespace crucible::search {

namespace {

constexpr int kTrials = 60;               // measurements
constexpr double kTrialImages = 300'000;  // small problems can afford more: measurements x images

}  // namespace

CellSearchResult run_cell_search(const SearchProblem& problem, const std::string& method,
                                 const SearchSettings& settings, const Progress& progress,
                                 CheckpointFile* checkpoint) {
  const MethodEntry& entry = find_method(method);
  if (problem.pipeline == nullptr)
    throw Error(ErrorKind::kUsage,
                "search: cell by cell it is a pipeline that judges; give the problem one");
  const Facts mode{{"space", "device"}};
  require_equal_work(problem, method, settings, mode);
  Arena arena(problem);
  const auto affordable =
      static_cast<int>(kTrialImages * settings.effort / arena.objective().count());
  auto refinement =
      std::make_unique<CellRefinement>(arena, std::max(scaled(kTrials, settings), affordable));
  CellRefinement& cells = *refinement;
  std::vector<std::unique_ptr<ISearch>> stages;
  stages.push_back(entry.make(arena, settings));
  stages.push_back(std::move(refinement));
  Stages search(std::move(stages));
  if (checkpoint != nullptr) {
    checkpoint->identify(identity_of(problem, method, settings));
    checkpoint->identify(mode);
  }
  const Stop stop = drive(arena, search, settings, progress, checkpoint);
  CellSearchResult result{.search = arena.result(stop),
                          .offsets = cells.offsets(),
                          .first_correct = cells.first_correct(),
                          .correct = cells.correct(),
                          .measurements = cells.measurements()};
  result.search.delta = cells.weight_change(result.offsets);
  if (cells.begun())
    result.search.accuracy = static_cast<double>(cells.correct()) / arena.objective().count();
  return result;
}

}  // namespace crucible::search
