#include <algorithm>

#include "host/search/optimiser/optimiser.hpp"

namespace crucible::search {

namespace {

class SignStep final : public IOptimiser {
 public:
  void step(Point& z, const Point& gradient, const StepPlace& place) override {
    const auto length = static_cast<float>(place.first);
    for_each_coordinate(
        [&](float& at, const float& g) {
          at = std::clamp(at - length * sign_of(g), -place.radius, place.radius);
        },
        z, gradient);
  }
  void save(OutArchive& /*archive*/) const override {}
  void load(InArchive& /*archive*/) override {}
};

/// One step that reaches the wall from anywhere: a vertex wherever there is a slope.
class SingleStep final : public IOptimiser {
 public:
  void step(Point& z, const Point& gradient, const StepPlace& place) override {
    if (place.step > 0) return;
    for_each_coordinate(
        [&](float& at, const float& g) {
          if (g != 0.0F) at = -place.radius * sign_of(g);
        },
        z, gradient);
  }
  void save(OutArchive& /*archive*/) const override {}
  void load(InArchive& /*archive*/) override {}
};

}  // namespace

std::unique_ptr<IOptimiser> make_sign_step(const Point& /*start*/) {
  return std::make_unique<SignStep>();
}

std::unique_ptr<IOptimiser> make_single_step(const Point& /*start*/) {
  return std::make_unique<SingleStep>();
}

}  // namespace crucible::search
