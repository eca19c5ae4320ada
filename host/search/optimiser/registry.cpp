#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "host/search/optimiser/optimiser.hpp"
#include "models/error.hpp"

namespace crucible::search {

std::span<const OptimiserEntry> optimisers() {
  static const std::array<OptimiserEntry, 5> kOptimisers{{
      {"sign-momentum", "projected sign steps with momentum, shrinking along half a cosine", 40,
       &make_sign_momentum},
      {"sign-step", "projected sign steps of a fixed length (Madry et al. 2018)", 20,
       &make_sign_step},
      {"auto-pgd", "sign steps that halve when the loss stalls (Croce and Hein 2020)", 40,
       &make_auto_pgd},
      {"adam", "projected Adam (Kingma and Ba 2015)", 40, &make_adam},
      {"single-step", "one step to the vertex that the first gradient names", 1, &make_single_step},
  }};
  return kOptimisers;
}

const OptimiserEntry& find_optimiser(const std::string& name) {
  const auto all = optimisers();
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const OptimiserEntry& entry) { return entry.name == name; });
  if (found != all.end()) return *found;
  std::string known;
  for (const OptimiserEntry& entry : all) known += (known.empty() ? "" : ", ") + entry.name;
  throw Error(ErrorKind::kUsage,
              fmt::format("search: unknown optimiser '{}'; known are {}", name, known));
}

double cosine_length(const StepPlace& place) {
  const double turn = std::numbers::pi * place.step / std::max(1, place.steps);
  return place.last + (place.first - place.last) * 0.5 * (1 + std::cos(turn));
}

Point zeros_like(const Point& shape) {
  Point zeros = shape;
  for_each_coordinate([](float& value) { value = 0.0F; }, zeros);
  return zeros;
}

}  // namespace crucible::search
