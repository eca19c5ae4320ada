// auto: the tournament of basins at length, then the best point refined move by move, by exact
// count, and at last, where the problem has it, a climb in the integer pipeline. What to use when
// the worst case matters and not the time.
#include <algorithm>

#include "host/search/basins.hpp"
#include "host/search/pipeline_climb.hpp"
#include "host/search/stages.hpp"

namespace crucible::search {

namespace {

constexpr BasinPlan kPlan{.scout_steps = 15,
                          .heat_steps = 8,
                          .heats = 7,
                          .semifinal = 4,
                          .semifinal_steps = 20,
                          .final = 2,
                          .final_steps = 60,
                          .last_steps = 100,
                          .polish_steps = 10,
                          .scout_budget = 100'000};
constexpr int kPipelineSteps = 16;
constexpr int kTrials = 40;               // exact counts of the refinement
constexpr double kTrialImages = 150'000;  // small problems can afford more: counts times images

}  // namespace

std::unique_ptr<ISearch> make_auto(Arena& arena, const SearchSettings& settings) {
  const auto affordable =
      static_cast<int>(kTrialImages * settings.effort / arena.objective().count());
  std::vector<std::unique_ptr<ISearch>> stages =
      basin_stages(arena, settings, kPlan, std::max(scaled(kTrials, settings), affordable));
  if (arena.problem().pipeline != nullptr)
    stages.push_back(std::make_unique<PipelineClimb>(arena, scaled(kPipelineSteps, settings)));
  return std::make_unique<Stages>(std::move(stages));
}

}  // namespace crucible::search
