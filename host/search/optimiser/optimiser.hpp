// How a search moves: one step of a normalised point against a gradient, inside the box.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "host/search/archive.hpp"
#include "host/search/search_space.hpp"

namespace crucible::search {

/// Where in a climb a step is. `first` and `last` are the lengths of the first and the last step in
/// half boxes; the optimiser decides how to get from one to the other.
struct StepPlace {
  int step = 0, steps = 1;
  double first = 1.0, last = 0.05;
  float radius = 1.0F;  ///< the point stays within -radius .. radius
  double loss = 0.0;    ///< mean loss at the point before the step
};

class IOptimiser {
 public:
  virtual ~IOptimiser() = default;
  /// Moves z against the gradient taken at z.
  virtual void step(Point& z, const Point& gradient, const StepPlace& place) = 0;
  virtual void save(OutArchive& archive) const = 0;
  virtual void load(InArchive& archive) = 0;
};

struct OptimiserEntry {
  std::string name;     ///< as on the command line
  std::string summary;  ///< one sentence with its source
  int steps;            ///< that method `climb` takes at effort 1
  std::unique_ptr<IOptimiser> (*make)(const Point& start);
};

/// All optimisers, one line each in registry.cpp.
[[nodiscard]] std::span<const OptimiserEntry> optimisers();
/// Throws crucible::Error(kUsage) listing the known names.
[[nodiscard]] const OptimiserEntry& find_optimiser(const std::string& name);

[[nodiscard]] std::unique_ptr<IOptimiser> make_sign_momentum(const Point& start);
[[nodiscard]] std::unique_ptr<IOptimiser> make_sign_step(const Point& start);
[[nodiscard]] std::unique_ptr<IOptimiser> make_auto_pgd(const Point& start);
[[nodiscard]] std::unique_ptr<IOptimiser> make_adam(const Point& start);
[[nodiscard]] std::unique_ptr<IOptimiser> make_single_step(const Point& start);

/// From `place.first` to `place.last` along half a cosine.
[[nodiscard]] double cosine_length(const StepPlace& place);
/// A point of the shape, all 0.
[[nodiscard]] Point zeros_like(const Point& shape);
/// -1, 0 or 1.
[[nodiscard]] inline float sign_of(float value) {
  return value > 0.0F ? 1.0F : value < 0.0F ? -1.0F : 0.0F;
}

}  // namespace crucible::search
