// A search for the worst point of a weight box. One perturbation for the whole data set: a
// deviation per image is not a chip.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "models/variation/weight_box.hpp"

namespace crucible::search {

struct SearchProblem {
  const models::QuantisedNetwork& network;
  const models::WeightBox& box;
  std::span<const uint8_t> images;  ///< [count][input_size]
  std::span<const uint8_t> labels;  ///< [count]
  uint64_t seed = 1;
  int threads = 0;  ///< 0: the machine's; the result does not depend on it
};

struct TracePoint {
  int iteration = 0;
  uint64_t gradient_evaluations = 0;  ///< image gradients so far (images times steps)
  double loss = 0.0;
  double accuracy =
      0.0;  ///< of the float twin on the problem's images (or the step's batch), 0 .. 1
  double deviation = 0.0;  ///< largest |delta| of the iterate / farthest wall of its layer's box
};

struct SearchResult {
  models::WeightDelta delta;  ///< inside the box
  std::vector<TracePoint> trace;
  uint64_t gradient_evaluations = 0;
  double accuracy = 0.0;  ///< of the float twin on the problem's images at `delta`
  bool interrupted = false;
};

/// Called after each iteration; returning false ends the search with the best so far.
using Progress = std::function<bool(const TracePoint& point, int planned_iterations)>;

class ISearchMethod {
 public:
  virtual ~ISearchMethod() = default;
  /// `effort` scales the method's default number of steps (1.0).
  [[nodiscard]] virtual SearchResult run(const SearchProblem& problem, double effort,
                                         const Progress& progress) const = 0;
};

struct MethodEntry {
  std::string name;     ///< as on the command line
  std::string summary;  ///< one sentence with its source
  std::unique_ptr<ISearchMethod> (*make)();
};

/// All methods, one line each in registry.cpp.
[[nodiscard]] std::span<const MethodEntry> methods();
/// Throws crucible::Error(kUsage) listing the known names.
[[nodiscard]] std::unique_ptr<ISearchMethod> make_method(const std::string& name);

}  // namespace crucible::search
