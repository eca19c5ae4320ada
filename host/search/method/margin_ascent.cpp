// margin-ascent: projected sign steps with momentum on the clamped margin, joint over all images,
// best iterate by exact count kept. A tournament of basins; the end is also tried snapped to
// vertices. The smooth count competes because it is the better loss at small bounds, where the
// images out of reach would hold back the others.
#include "host/search/basins.hpp"
#include "host/search/stages.hpp"

namespace crucible::search {

namespace {

constexpr BasinPlan kPlan{.scout_steps = 12,
                          .heat_steps = 6,
                          .heats = 6,
                          .semifinal = 3,
                          .semifinal_steps = 16,
                          .final = 2,
                          .final_steps = 30,
                          .last_steps = 50,
                          .polish_steps = 5,
                          .scout_budget = 20'000};
constexpr int kSnap = 2;  // exact counts: the best point, and its vertex

}  // namespace

std::unique_ptr<ISearch> make_margin_ascent(Arena& arena, const SearchSettings& settings) {
  return std::make_unique<Stages>(basin_stages(arena, settings, kPlan, kSnap));
}

}  // namespace crucible::search
