#include "host/search/cells/cell_space.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace crucible::search {

namespace {

int8_t random_target(const models::BoxCell& cell, CounterRandom& random) {
  const std::array<int8_t, 3> targets{cell.lo, cell.hi, 0};
  return targets[random.below(targets.size())];
}

}  // namespace

CellSpace::CellSpace(const models::QuantisedNetwork& network,
                     const models::CompiledNetwork& compiled, const models::WeightBox& box)
    : network_(network),
      compiled_(compiled),
      box_(box),
      cells_(models::box_cells(network, compiled, box)) {}

models::ChipOffsets CellSpace::realised(const models::WeightDelta& delta) const {
  return models::realise(network_, compiled_, box_, delta);
}

models::WeightDelta CellSpace::weight_change(const models::ChipOffsets& offsets) const {
  return models::weight_change(network_, compiled_, offsets, box_.grid.lsb_exp, box_.base);
}

models::ChipOffsets CellSpace::random_corner(CounterRandom& random) const {
  models::ChipOffsets offsets = no_change();
  for (const models::BoxCell& cell : cells_) offsets[cell.index] = random_target(cell, random);
  return offsets;
}

void CellSpace::kick(models::ChipOffsets& offsets, size_t count, CounterRandom& random) const {
  for (size_t k = 0; k < count && !cells_.empty(); ++k) {
    const models::BoxCell& cell = cells_[random.below(static_cast<uint32_t>(cells_.size()))];
    offsets[cell.index] = random_target(cell, random);
  }
}

std::vector<CellMove> CellSpace::ranked_moves(const models::ChipOffsets& offsets,
                                              const models::WeightDelta& gradient,
                                              Targets targets) const {
  const auto lsb = static_cast<float>(std::ldexp(1.0, -box_.grid.lsb_exp));
  std::vector<CellMove> moves;
  for (uint32_t c = 0; c < cells_.size(); ++c) {
    const models::BoxCell& cell = cells_[c];
    const int from = offsets[cell.index];
    const float slope =
        gradient[cell.layer][cell.weight] * static_cast<float>(cell.significance) * lsb;
    const auto add = [&](int target) {
      moves.push_back({c, static_cast<int8_t>(target), slope * static_cast<float>(from - target)});
    };
    if (from != cell.lo) add(cell.lo);
    if (from != cell.hi) add(cell.hi);
    if (from != 0 && cell.lo != 0 && cell.hi != 0) add(0);
    if (targets == Targets::kWalls) continue;
    for (const int target : {from - 1, from + 1})
      if (target > cell.lo && target < cell.hi && target != 0) add(target);
  }
  std::stable_sort(moves.begin(), moves.end(),
                   [](const CellMove& a, const CellMove& b) { return a.gain > b.gain; });
  return moves;
}

}  // namespace crucible::search
