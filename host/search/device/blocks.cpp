#include "host/search/device/blocks.hpp"

#include <algorithm>

namespace crucible::search {

size_t sparse_step(size_t weights) {
  constexpr size_t kShare = 40;  // one weight in so many: at most a tenth
  return std::max<size_t>(1, weights / kShare);
}

Block random_block(const Point& z, size_t size, CounterRandom& random) {
  Block block;
  block.layer = random.below(static_cast<uint32_t>(z.size()));
  const size_t weights = z[block.layer].size();
  block.size = std::clamp<size_t>(size, 1, std::max<size_t>(1, weights / 4));
  block.first = random.below(static_cast<uint32_t>(weights - block.size + 1));
  return block;
}

void flip(Point& z, const Block& block, CounterRandom& random) {
  const auto first = z[block.layer].begin() + static_cast<std::ptrdiff_t>(block.first);
  const auto last = first + static_cast<std::ptrdiff_t>(block.size);
  float wall = (random.next() & 1U) != 0 ? 1.0F : -1.0F;
  if (std::all_of(first, last, [wall](float at) { return at == wall; })) wall = -wall;
  std::fill(first, last, wall);
}

std::vector<WallMove> ranked_moves(const Point& z, const Point& gradient) {
  std::vector<WallMove> moves;
  for (uint32_t l = 0; l < z.size(); ++l)
    for (uint32_t i = 0; i < z[l].size(); ++i) {
      const float target = gradient[l][i] > 0.0F ? -1.0F : 1.0F;
      const float gain = gradient[l][i] * (z[l][i] - target);
      if (gain > 0.0F) moves.push_back({l, i, target, gain});
    }
  std::stable_sort(moves.begin(), moves.end(),
                   [](const WallMove& a, const WallMove& b) { return a.gain > b.gain; });
  return moves;
}

}  // namespace crucible::search
