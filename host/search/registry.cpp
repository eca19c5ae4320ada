#include "host/search/registry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "models/error.hpp"

namespace crucible::search {

std::span<const MethodEntry> methods() {
  static const std::array<MethodEntry, 6> kMethods{{
      {"random-vertex", "every weight at plus or minus the bound, at random: the control",
       &make_random_vertex},
      {"weight-pgd",
       "projected sign steps on the cross-entropy (Tsai et al. 2021; Madry et al. 2018)",
       &make_weight_pgd},
      {"cw-penalty", "margin plus distance by Adam, outer search over c (Yan, Hu, Shi 2022)",
       &make_cw_penalty},
      {"margin-ascent",
       "sign steps with momentum on the clamped margin, towards each class; best iterate kept",
       &make_margin_ascent},
      {"climb", "one loss, one optimiser, one kind of start, as chosen", &make_climb},
      {"auto",
       "margin-ascent at length, refined move by move by exact count and in the integer pipeline",
       &make_auto, true},
  }};
  return kMethods;
}

const MethodEntry& find_method(const std::string& name) {
  const auto all = methods();
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const MethodEntry& entry) { return entry.name == name; });
  if (found != all.end()) return *found;
  std::string known;
  for (const MethodEntry& entry : all) known += (known.empty() ? "" : ", ") + entry.name;
  throw Error(
      ErrorKind::kUsage,
      fmt::format(
          "search: unknown method '{}'; known are {} and, in 'crucible search', monte-carlo", name,
          known));
}

int scaled(int steps, const SearchSettings& settings) {
  return std::max(1, static_cast<int>(std::lround(steps * settings.effort)));
}

}  // namespace crucible::search
