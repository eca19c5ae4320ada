#include <algorithm>
#include <limits>
#include <vector>

#include "host/search/optimiser/optimiser.hpp"

namespace crucible::search {

namespace {

constexpr float kAlpha = 0.75F;     // share of the new step against the last movement
constexpr double kRho = 0.75;       // share of steps that must improve between two check points
constexpr double kFirstStep = 2.0;  // half boxes, as published: twice the bound

/// F. Croce, M. Hein, "Reliable evaluation of adversarial robustness with an ensemble of diverse
/// parameter-free attacks", ICML 2020, algorithm 1, minimising. Check points at shares p of the
/// steps with p_{j+1} = p_j + max(p_j - p_{j-1} - 0.03, 0.06), p_0 = 0, p_1 = 0.22.
class AutoPgd final : public IOptimiser {
 public:
  explicit AutoPgd(const Point& start) : previous_(start), best_(start) {}

  void step(Point& z, const Point& gradient, const StepPlace& place) override {
    if (place.step > 0 && place.loss < last_loss_) ++improved_;
    last_loss_ = place.loss;
    if (place.loss < best_loss_) {
      best_loss_ = place.loss;
      best_ = z;
    }
    const bool restart = place.step >= next_check(place.steps) && stalls(place.step);
    if (restart) z = previous_ = best_;
    // After a return to the best point its gradient is not at hand; the step waits for the next.
    if (restart) return;
    const auto length = static_cast<float>(length_);
    for_each_coordinate(
        [&](float& at, float& before, const float& g) {
          const float radius = place.radius;
          const float aim = std::clamp(at - length * sign_of(g), -radius, radius);
          const float blend =
              place.step == 0 ? aim : at + kAlpha * (aim - at) + (1 - kAlpha) * (at - before);
          before = at;
          at = std::clamp(blend, -radius, radius);
        },
        z, previous_, gradient);
  }
  void save(OutArchive& archive) const override {
    archive(previous_, best_, best_loss_, last_loss_, check_loss_, length_, check_length_,
            improved_, check_, share_, last_share_);
  }
  void load(InArchive& archive) override {
    archive(previous_, best_, best_loss_, last_loss_, check_loss_, length_, check_length_,
            improved_, check_, share_, last_share_);
  }

 private:
  /// Step of the next check point.
  [[nodiscard]] int next_check(int steps) const {
    return std::max(1, static_cast<int>(share_ * steps));
  }
  /// At a check point: whether to halve the step and go back to the best point.
  bool stalls(int step) {
    const bool few = improved_ < kRho * (step - check_);
    const bool stuck = length_ == check_length_ && best_loss_ == check_loss_;
    const double width = std::max(share_ - last_share_ - 0.03, 0.06);
    last_share_ = share_;
    share_ += width;
    check_ = step;
    improved_ = 0;
    check_length_ = length_;
    check_loss_ = best_loss_;
    if (!few && !stuck) return false;
    length_ *= 0.5;
    return true;
  }

  Point previous_, best_;
  double best_loss_ = std::numeric_limits<double>::infinity();
  double last_loss_ = std::numeric_limits<double>::infinity();
  double check_loss_ = std::numeric_limits<double>::infinity();
  double length_ = kFirstStep, check_length_ = 0.0;
  int improved_ = 0, check_ = 0;
  double share_ = 0.22, last_share_ = 0.0;
};

}  // namespace

std::unique_ptr<IOptimiser> make_auto_pgd(const Point& start) {
  return std::make_unique<AutoPgd>(start);
}

}  // namespace crucible::search
