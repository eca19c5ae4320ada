// A search for the worst point of a weight box, and what comes out of it. One perturbation for the
// whole data set: a deviation per image is not a chip.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "host/base/i_workers.hpp"
#include "models/network/compiled_network.hpp"
#include "models/variation/weight_box.hpp"

namespace crucible::search {

class IChipEvaluator;

/// The integer pipeline with the tile's ADC, as a search may look at it.
struct Pipeline {
  IChipEvaluator& chip;  ///< measures the problem's images
  const models::CompiledNetwork& compiled;
};

struct SearchProblem {
  const models::QuantisedNetwork& network;
  const models::WeightBox& box;
  std::span<const uint8_t> images;  ///< [count][input_size]
  std::span<const uint8_t> labels;  ///< [count]
  uint64_t seed = 1;
  int threads = 0;  ///< 0: the machine's; the result does not depend on it
  /// Accuracy of the float twin that is low enough to end with, 0 .. 1; negative: none is. Points
  /// that look that low on their step's images are counted at once.
  double until = -1.0;
  /// They split the images; the result does not depend on them. Every one runs the search.
  IWorkers* workers = nullptr;
  /// For methods that end in it; without one they end on the float twin.
  const Pipeline* pipeline = nullptr;
};

/// What the caller may choose beside the method. Empty words and zeros mean the method's own
/// choice.
struct SearchSettings {
  double effort = 1.0;    ///< scales the method's number of steps
  std::string loss;       ///< of method `climb`: a name of losses()
  std::string optimiser;  ///< of method `climb`: a name of optimisers()
  std::string start;      ///< of method `climb`: a name of starts()
  int restarts = 0;       ///< of method `climb`: starts, best kept
  double until = -1.0;    ///< SearchProblem::until
  double seconds = 0;     ///< > 0: stop by the clock after about this long
  friend bool operator==(const SearchSettings&, const SearchSettings&) = default;
};

struct TracePoint {
  int iteration = 0;
  uint64_t gradient_evaluations = 0;  ///< image gradients so far (images times steps)
  double loss = 0.0;
  double accuracy =
      0.0;            ///< of the float twin on the problem's images (or the step's batch), 0 .. 1
  double best = 0.0;  ///< least accuracy found so far, by exact count over all images
  double deviation = 0.0;  ///< largest |delta| of the iterate / farthest wall of its layer's box

  template <class Archive>
  void serialize(Archive& archive) {
    archive(iteration, gradient_evaluations, loss, accuracy, best, deviation);
  }
};

/// Where workers stop for different reasons, the last of these is the one that is told.
enum class Stop { kFinished, kReached, kClock, kCaller };

struct SearchResult {
  models::WeightDelta delta;  ///< inside the box, every value on the offset grid
  std::vector<TracePoint> trace;
  uint64_t gradient_evaluations = 0;  ///< images with forward and backward pass
  uint64_t count_evaluations = 0;     ///< images with a forward pass only (exact counts)
  double accuracy = 0.0;              ///< of the float twin on the problem's images at `delta`
  Stop stop = Stop::kFinished;
  [[nodiscard]] bool interrupted() const { return stop == Stop::kClock || stop == Stop::kCaller; }
};

/// Called after each iteration; returning false ends the search with the best so far.
using Progress = std::function<bool(const TracePoint& point, int planned_iterations)>;

}  // namespace crucible::search
