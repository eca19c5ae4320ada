// The grid of offsets for a bound: see make_grid() in weight_box.hpp.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

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

/// One slice of one layer, and how far its devices move.
struct Wish {
  size_t layer = 0;
  int slice = 0;
  double levels = 0;
};

/// "layer 'fc1'", and its slice where these differ.
std::string place(const QuantisedNetwork& network, const VariationBound& bound, const Wish& wish) {
  const std::string layer = fmt::format("layer '{}'", network.layers[wish.layer].shape.name);
  return bound.convention() == BoundConvention::kSliceLevels
             ? fmt::format("slice {} of {}", wish.slice, layer)
             : layer;
}

[[noreturn]] void refuse(const VariationBound& bound, const std::string& where, const char* problem,
                         const char* limit, double factor) {
  throw Error(
      ErrorKind::kUsage,
      fmt::format("variation: the bound {} is {} for {}; the {} that this network's "
                  "offsets can hold is {}",
                  bound.describe(), problem, where, limit, bound.scaled(factor).describe()));
}

/// What each slice of each layer asks for.
std::vector<Wish> wishes_of(const QuantisedNetwork& network, const VariationBound& bound) {
  std::vector<Wish> wishes;
  for (size_t l = 0; l < network.layers.size(); ++l) {
    if (network.w_max(l) == 0 && bound.convention() == BoundConvention::kWeightFraction) {
      throw Error(ErrorKind::kUsage,
                  fmt::format("variation: all weights of layer '{}' are 0, so a bound in fractions "
                              "of its largest weight means nothing; use a bound per device",
                              network.layers[l].shape.name));
    }
    for (int slice = 0; slice < kSlices; ++slice)
      wishes.push_back({l, slice, bound.levels(network.w_max(l), slice)});
  }
  return wishes;
}

bool asks_less(const Wish& a, const Wish& b) { return a.levels < b.levels; }

}  // namespace

OffsetGrid make_grid(const QuantisedNetwork& network, const VariationBound& bound) {
  const std::vector<Wish> wishes = wishes_of(network, bound);
  const Wish& most = *std::max_element(wishes.begin(), wishes.end(), asks_less);
  const Wish& least = *std::min_element(wishes.begin(), wishes.end(), asks_less);

  OffsetGrid grid;
  grid.lsb_exp = kFinest;
  while (grid.lsb_exp > kCoarsest && steps_of(most.levels, grid.lsb_exp) > kMostSteps)
    --grid.lsb_exp;
  if (steps_of(most.levels, grid.lsb_exp) > kMostSteps) {
    refuse(bound, place(network, bound, most), "too large", "largest",
           std::ldexp(kMostSteps, -kCoarsest) / most.levels);
  }
  if (steps_of(least.levels, grid.lsb_exp) < kFewestSteps) {
    if (grid.lsb_exp < kFinest) {
      throw Error(ErrorKind::kUsage,
                  fmt::format("variation: the bound {} asks for {:g} levels in {} and {:g} in {}; "
                              "one grid of 8-bit offsets holds tolerances up to {} times apart",
                              bound.describe(), least.levels, place(network, bound, least),
                              most.levels, place(network, bound, most), kMostSteps / kFewestSteps));
    }
    refuse(bound, place(network, bound, least), "too small", "smallest",
           std::ldexp(kFewestSteps, -kFinest) / least.levels);
  }
  for (size_t l = 0; l < network.layers.size(); ++l) {
    std::array<int, kSlices> steps{};
    for (size_t slice = 0; slice < steps.size(); ++slice)
      steps[slice] = steps_of(wishes[l * kSlices + slice].levels, grid.lsb_exp);
    grid.steps.push_back(*std::max_element(steps.begin(), steps.end()));
    if (bound.convention() == BoundConvention::kSliceLevels) grid.slice_steps.push_back(steps);
  }
  return grid;
}

}  // namespace crucible::models
