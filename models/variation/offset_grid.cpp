// The grid of offsets for a bound: see make_grid() in weight_box.hpp.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/error.hpp"
#include "models/variation/slice_range.hpp"

namespace crucible::models {
namespace {

constexpr int kCoarsest = 8, kFinest = 18;
/// Steps are rounded down; a bound that is a whole number of steps but for floating error keeps
/// them all.
constexpr double kFloatingError = 1e-9;

int steps_of(double levels, int lsb_exp) {
  const double steps = std::floor(std::ldexp(levels, lsb_exp) + kFloatingError);
  return static_cast<int>(std::min(steps, 1e6));
}

[[noreturn]] void refuse(const VariationBound& bound, const LayerShape& layer, const char* problem,
                         const char* limit, double nearest) {
  throw Error(
      ErrorKind::kUsage,
      fmt::format("variation: the bound {} is {} for layer '{}'; the {} that this network's "
                  "offsets can hold is {}",
                  bound.describe(), problem, layer.name, limit,
                  bound.scaled(nearest / bound.value()).describe()));
}

}  // namespace

OffsetGrid make_grid(const QuantisedNetwork& network, const VariationBound& bound) {
  std::vector<double> levels;
  for (size_t l = 0; l < network.layers.size(); ++l) {
    if (network.w_max(l) == 0 && bound.convention() == BoundConvention::kWeightFraction) {
      throw Error(ErrorKind::kUsage,
                  fmt::format("variation: all weights of layer '{}' are 0, so a bound in fractions "
                              "of its largest weight means nothing; use a bound per device",
                              network.layers[l].shape.name));
    }
    levels.push_back(bound.levels(network.w_max(l)));
  }
  const auto most =
      static_cast<size_t>(std::max_element(levels.begin(), levels.end()) - levels.begin());
  const auto least =
      static_cast<size_t>(std::min_element(levels.begin(), levels.end()) - levels.begin());

  OffsetGrid grid;
  grid.lsb_exp = kFinest;
  while (grid.lsb_exp > kCoarsest && steps_of(levels[most], grid.lsb_exp) > kMostSteps)
    --grid.lsb_exp;
  if (steps_of(levels[most], grid.lsb_exp) > kMostSteps) {
    refuse(bound, network.layers[most].shape, "too large", "largest",
           bound.value() * std::ldexp(kMostSteps, -kCoarsest) / levels[most]);
  }
  if (steps_of(levels[least], grid.lsb_exp) < kFewestSteps) {
    refuse(bound, network.layers[least].shape, "too small", "smallest",
           bound.value() * std::ldexp(kFewestSteps, -grid.lsb_exp) / levels[least]);
  }
  for (const double level : levels) grid.steps.push_back(steps_of(level, grid.lsb_exp));
  return grid;
}

}  // namespace crucible::models
