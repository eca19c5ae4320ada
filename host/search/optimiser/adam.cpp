#include "host/search/optimiser/adam.hpp"

#include <algorithm>
#include <cmath>

#include "host/search/optimiser/optimiser.hpp"

namespace crucible::search {

namespace {

constexpr double kBeta1 = 0.9, kBeta2 = 0.999, kEpsilon = 1e-12;

class Adam final : public IOptimiser {
 public:
  explicit Adam(const Point& start) : moments_(start) {}

  void step(Point& z, const Point& gradient, const StepPlace& place) override {
    moments_.move(z, gradient, std::vector(z.size(), kShare * cosine_length(place)));
    for_each_coordinate([&](float& at) { at = std::clamp(at, -place.radius, place.radius); }, z);
  }
  void save(OutArchive& archive) const override { archive(moments_); }
  void load(InArchive& archive) override { archive(moments_); }

 private:
  static constexpr double kShare = 0.3;  // of a sign step's length
  AdamMoments moments_;
};

}  // namespace

AdamMoments::AdamMoments(const Point& shape)
    : first_(zeros_like(shape)), second_(zeros_like(shape)) {}

void AdamMoments::move(Point& z, const Point& gradient, std::span<const double> rates) {
  ++step_;
  const auto root = static_cast<float>(1 / std::sqrt(1 - std::pow(kBeta2, step_)));
  constexpr auto b1 = static_cast<float>(kBeta1), b2 = static_cast<float>(kBeta2);
  for (size_t l = 0; l < z.size(); ++l) {
    const auto length = static_cast<float>(rates[l] / (1 - std::pow(kBeta1, step_)));
    for (size_t i = 0; i < z[l].size(); ++i) {
      float& m = first_[l][i];
      float& v = second_[l][i];
      const float g = gradient[l][i];
      m = b1 * m + (1 - b1) * g;
      v = b2 * v + (1 - b2) * g * g;
      z[l][i] -= length * m / (std::sqrt(v) * root + static_cast<float>(kEpsilon));
    }
  }
}

std::unique_ptr<IOptimiser> make_adam(const Point& start) { return std::make_unique<Adam>(start); }

}  // namespace crucible::search
