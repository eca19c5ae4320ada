#include <algorithm>
#include <cmath>

#include "host/search/optimiser/optimiser.hpp"

namespace crucible::search {

namespace {

constexpr float kMomentum = 0.75F;

/// m = 0.75 m + g / mean |g|; every coordinate moves by the same length against the sign of m.
/// Dividing by the mean keeps early and late steps of equal say.
class SignMomentum final : public IOptimiser {
 public:
  explicit SignMomentum(const Point& start) : momentum_(zeros_like(start)) {}

  void step(Point& z, const Point& gradient, const StepPlace& place) override {
    double total = 0.0;
    size_t count = 0;
    for (const auto& layer : gradient) {
      for (const float g : layer) total += std::abs(g);
      count += layer.size();
    }
    if (!(total > 0.0)) return;
    const auto factor = static_cast<float>(static_cast<double>(count) / total);
    const auto length = static_cast<float>(cosine_length(place));
    for_each_coordinate(
        [&](float& at, float& m, const float& g) {
          m = kMomentum * m + factor * g;
          at = std::clamp(at - length * sign_of(m), -place.radius, place.radius);
        },
        z, momentum_, gradient);
  }
  void save(OutArchive& archive) const override { archive(momentum_); }
  void load(InArchive& archive) override { archive(momentum_); }

 private:
  Point momentum_;
};

}  // namespace

std::unique_ptr<IOptimiser> make_sign_momentum(const Point& start) {
  return std::make_unique<SignMomentum>(start);
}

}  // namespace crucible::search
