// What margin-ascent and auto share: a tournament of basins, and the refinement of its best point.
//
// A network collapses in as many ways as it has classes: all images onto one class, and those of
// that class onto another. Which collapse goes furthest depends on the network, and a climb hardly
// ever changes from one to another. So scouts drive the images onto each class, beside the losses
// without a target; in the heats each goes on with the clamped margin and with the smooth count;
// the best basins climb on over shares of the images, and the best point is polished over all of
// them.
#pragma once

#include <memory>
#include <vector>

#include "host/search/registry.hpp"

namespace crucible::search {

/// Steps of each stage, survivors, and how many scouts a small problem may afford.
struct BasinPlan {
  int scout_steps, heat_steps;  ///< over at most 1,000 images
  size_t heats;                 ///< basins that leave the scouts (of each start)
  size_t semifinal;             ///< basins that leave the heats
  int semifinal_steps;          ///< over quarters of the images
  size_t final;                 ///< basins that leave the semifinal
  int final_steps, last_steps;  ///< over quarters; the last ones for the best basin alone
  int polish_steps;             ///< over all images, for each of two losses
  double scout_budget;          ///< image gradients: small problems get more starts for it
};

/// The tournament, and after it the refinement of its best point, move by move with at most so many
/// exact counts.
[[nodiscard]] std::vector<std::unique_ptr<ISearch>> basin_stages(Arena& arena,
                                                                 const SearchSettings& settings,
                                                                 const BasinPlan& plan, int trials);

}  // namespace crucible::search
