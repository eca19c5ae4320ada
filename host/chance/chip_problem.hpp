// Random chips as a tail problem: the score is the number of images classified right on the
// bit-exact twin.
#pragma once

#include "host/chance/i_tail_problem.hpp"
#include "host/eval/evaluation.hpp"
#include "models/variation/chip_space.hpp"

namespace crucible::chance {

class ChipProblem final : public ITailProblem {
 public:
  /// Borrows `compiled` (injection on, with the grid and base of the space's box) and the images.
  ChipProblem(const models::ChipSpace& space, const models::CompiledNetwork& compiled,
              eval::LabelledImages images);

  [[nodiscard]] size_t draws() const override { return space_.draws(); }
  [[nodiscard]] int16_t draw(size_t index, uint64_t uniform) const override {
    return space_.draw(index, uniform);
  }
  void sample(uint64_t seed, std::span<int16_t> values) const override {
    space_.sample(seed, values);
  }
  /// value: images right. tie_break: sum over the images of the margin (logit of the label minus
  /// the largest other), each clamped to +-ramp(): a count with soft edges.
  [[nodiscard]] Score score(std::span<const int16_t> values) const override;

  /// A quarter of the mean |margin| of the unchanged network, in units of the logits; at least 1.
  [[nodiscard]] int64_t ramp() const { return ramp_; }
  [[nodiscard]] int images() const { return images_.count(); }

 private:
  const models::ChipSpace& space_;
  const models::CompiledNetwork& compiled_;
  eval::LabelledImages images_;
  int64_t ramp_ = 1;
};

}  // namespace crucible::chance
