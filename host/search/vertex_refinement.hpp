// Refines the best point by exact count: snaps it to the box's corners, then tries moves of groups
// of weights to another wall (or back to no change), ranked by first-order gain, groups shrinking
// down to single weights as far as the budget allows.
#pragma once

#include <cstdint>
#include <vector>

#include "host/search/arena.hpp"
#include "host/search/i_search.hpp"

namespace crucible::search {

class VertexRefinement final : public ISearch {
 public:
  /// `trials`: exact counts to spend.
  VertexRefinement(Arena& arena, int trials) : arena_(arena), trials_(trials) {}

  bool advance() override;
  [[nodiscard]] int planned() const override { return trials_; }
  void save(OutArchive& archive) const override;
  void load(InArchive& archive) override;

 private:
  /// One weight's move to `target` (normalised).
  struct Move {
    uint32_t layer = 0, weight = 0;
    float target = 0.0F;
    float gain = 0.0F;  ///< first-order fall of the loss
  };
  /// Count and, to break ties, the clamped margins' sum.
  struct Score {
    int correct = 0;
    double loss = 0.0;
    [[nodiscard]] bool better_than(const Score& other) const {
      return correct != other.correct ? correct < other.correct : loss < other.loss;
    }
  };

  void begin();
  /// Ranks all moves by the gradient at the point, and begins with the first.
  void rank();
  /// The moves from ranked_at_ in their order.
  void list_moves();
  void try_group();
  Score score(const Point& z);

  Arena& arena_;
  int trials_;
  int spent_ = 0;
  Point z_;
  Score score_;
  Point ranked_at_;  ///< where the moves were ranked
  std::vector<Move> moves_;
  size_t group_ = 0, at_ = 0;
  bool moved_ = false;  ///< since the last ranking
};

}  // namespace crucible::search
