// Refines the best point cell by cell, judged by the integer pipeline (or a device): groups of
// cells move to a wall, ranked by the straight-through gradient at the pipeline's own activations,
// and stay if its exact count of images falls. Groups shrink down to single cells as far as the
// budget allows; what is left after that goes into fresh starts near the best and at random
// corners.
#pragma once

#include <cstdint>
#include <vector>

#include "host/search/arena.hpp"
#include "host/search/cells/cell_space.hpp"
#include "host/search/device/i_chip_evaluator.hpp"
#include "host/search/i_search.hpp"

namespace crucible::search {

class CellRefinement final : public ISearch {
 public:
  /// The problem has a pipeline, which is the judge; `trials`: measurements to spend. Throws
  /// crucible::Error(kUsage) when the judge has another number of images.
  CellRefinement(Arena& arena, int trials);

  bool advance() override;
  [[nodiscard]] int planned() const override { return trials_; }
  void save(OutArchive& archive) const override;
  void load(InArchive& archive) override;

  [[nodiscard]] bool begun() const { return spent_ > 0; }
  /// The best chip; before it has begun, the arena's best point realised.
  [[nodiscard]] models::ChipOffsets offsets() const;
  [[nodiscard]] models::WeightDelta weight_change(const models::ChipOffsets& offsets) const {
    return space_.weight_change(offsets);
  }
  [[nodiscard]] int correct() const { return best_score_.correct; }
  /// Where it began: the point found weight by weight, realised and judged alike.
  [[nodiscard]] int first_correct() const { return first_correct_; }
  [[nodiscard]] int measurements() const { return spent_; }

 private:
  /// Count and, to break ties, the smooth count.
  struct Score {
    int correct = 0;
    double loss = 0.0;
    [[nodiscard]] bool better_than(const Score& other) const {
      return correct != other.correct ? correct < other.correct : loss < other.loss;
    }
  };

  [[nodiscard]] float temperature() const;  ///< of the smooth count, logits
  void begin();
  void start_at(models::ChipOffsets offsets, size_t group);
  void list_moves();
  void try_group();
  /// A pass over the moves has ended: rank anew, shrink the groups, or start elsewhere.
  void end_pass();
  void restart();
  Score score(const models::ChipOffsets& offsets, Read read);
  [[nodiscard]] Point point(const models::ChipOffsets& offsets) const;

  Arena& arena_;
  IChipEvaluator& judge_;
  CellSpace space_;
  int trials_;
  int spent_ = 0, first_correct_ = 0;
  models::ChipOffsets at_, best_;
  Score score_, best_score_;
  models::LayerReadings readings_;  ///< of the last measurement
  models::WeightDelta slope_;       ///< where the moves were ranked
  models::ChipOffsets ranked_at_;
  std::vector<CellMove> moves_;
  size_t group_ = 0, next_ = 0;
  bool moved_ = false;  ///< since the last ranking
  uint64_t restarts_ = 0;
};

}  // namespace crucible::search
