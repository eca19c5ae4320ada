// Random blocks of weights, and what a gradient promises of single ones: the proposals of the
// searches with hardware in the loop.
#pragma once

#include <cstdint>
#include <vector>

#include "host/base/random.hpp"
#include "host/search/search_space.hpp"

namespace crucible::search {

/// Most weights of one step whose update, a poke for each cell, stays below a tenth of all offsets.
[[nodiscard]] size_t sparse_step(size_t weights);
/// spsa measures both sides and undoes most steps, so its directions are this much sparser than a
/// step that is mostly taken.
inline constexpr size_t kSpsaThinner = 6;

/// Consecutive weights of one layer: inputs of one output, and of the next where it is longer.
struct Block {
  size_t layer = 0, first = 0, size = 0;
};

/// A layer, each alike likely, and a run of at most `size` of its weights, and of at most a quarter
/// of them.
[[nodiscard]] Block random_block(const Point& z, size_t size, CounterRandom& random);

/// Moves a block to one wall, at random; to the other if it stands there already. All weights of a
/// block go the same way: activations are never negative, so they add up.
void flip(Point& z, const Block& block, CounterRandom& random);

/// One weight's move to a wall.
struct WallMove {
  uint32_t layer = 0, weight = 0;
  float target = 0.0F;
  float gain = 0.0F;  ///< first-order fall of the loss

  template <class Archive>
  void serialize(Archive& archive) {
    archive(layer, weight, target, gain);
  }
};

/// The moves that promise something, best first; equal ones in the order of the weights.
[[nodiscard]] std::vector<WallMove> ranked_moves(const Point& z, const Point& gradient);

}  // namespace crucible::search
