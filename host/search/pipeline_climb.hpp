// Climbs on from the best point in the integer pipeline: the gradient is the float twin's at the
// pipeline's own activations (straight-through; Y. Bengio, N. Leonard, A. Courville,
// arXiv:1308.3432, 2013), and the best is what the pipeline counts. What the float twin leaves out,
// the ADC above all, moves images across the boundary that a cold loss has left close to it.
#pragma once

#include <memory>

#include "host/search/arena.hpp"
#include "host/search/i_search.hpp"
#include "host/search/optimiser/optimiser.hpp"

namespace crucible::search {

class PipelineClimb final : public ISearch {
 public:
  /// The problem has a pipeline, which measures the problem's images once before each step and once
  /// at the end. From its first advance() on, the arena's best is the pipeline's.
  PipelineClimb(Arena& arena, int steps);

  bool advance() override;
  [[nodiscard]] int planned() const override { return steps_ + 1; }
  void save(OutArchive& archive) const override;
  void load(InArchive& archive) override;

 private:
  void begin();

  Arena& arena_;
  int steps_;
  int step_ = 0;
  Point z_;
  int correct_ = 0;  ///< of the best, by the pipeline
  std::unique_ptr<IOptimiser> optimiser_;
};

}  // namespace crucible::search
