// cw-penalty: the published method (Z. Yan, X. S. Hu, Y. Shi, "Computing-in-memory neural network
// accelerators for safety-critical systems: can small device variations be disastrous?", ICCAD
// 2022), after Carlini and Wagner: minimise c * mean max(margin, 0) + distance over the deviations
// of all weights in units of their layer's largest, without projection, by ten epochs of Adam at
// 1e-4; an outer search over c until the largest deviation meets the bound. What is bounded is the
// largest deviation, so the distance is a smooth stand-in for it, the mean of the eighth powers.
#include <algorithm>
#include <cmath>
#include <optional>

#include "host/search/loss/loss.hpp"
#include "host/search/optimiser/adam.hpp"
#include "host/search/registry.hpp"

namespace crucible::search {

namespace {

constexpr int kOuter = 10;   // values of c
constexpr int kEpochs = 10;  // of Adam for each
constexpr int kBatch = 128;
constexpr int kPower = 8;
constexpr double kRate = 1e-4;   // Adam's, of a layer's largest weight
constexpr double kTravel = 2.0;  // bounds that Adam can go at least, where ten epochs are few steps
constexpr double kFactor = 10;   // between values of c until the bound lies between two of them
constexpr double kMeets = 0.98;  // share of the bound that ends the outer search

class CwPenalty final : public ISearch {
 public:
  CwPenalty(Arena& arena, const SearchSettings& settings)
      : arena_(arena),
        batch_(std::min<size_t>(kBatch, arena.objective().all().size())),
        origin_(arena.space().origin()),
        z_(origin_),
        adam_(z_) {
    for (const auto& layer : z_) coordinates_ += static_cast<double>(layer.size());
    double steps = static_cast<double>(kEpochs * (arena.objective().all().size() / batch_));
    for (size_t l = 0; l < z_.size(); ++l) {
      const double bound = arena.space().fraction(l);
      rates_.push_back(bound > 0 ? kRate / bound : 0.0);
      steps = std::max(steps, kTravel * bound / kRate);
    }
    inner_ = std::max(1, static_cast<int>(settings.effort * steps));
    stride_ = (inner_ + kEpochs - 1) / kEpochs;
  }

  bool advance() override {
    const int end = std::min(inner_, step_ + stride_), steps = end - step_;
    double loss = 0.0;
    int correct = 0;
    for (; step_ < end; ++step_) loss += descend(correct) / steps;
    arena_.report(loss, static_cast<double>(correct) / static_cast<double>(steps * batch_),
                  deviation());
    if (step_ < inner_) return true;
    step_ = 0;
    const bool met = judge();
    return ++outer_ < kOuter && !met;
  }
  [[nodiscard]] int planned() const override { return kOuter * ((inner_ + stride_ - 1) / stride_); }
  void save(OutArchive& archive) const override {
    archive(z_, adam_, c_, fits_, exceeds_, outer_, step_);
  }
  void load(InArchive& archive) override { archive(z_, adam_, c_, fits_, exceeds_, outer_, step_); }

 private:
  [[nodiscard]] double deviation() const {
    return arena_.space().deviation(arena_.space().delta(z_, Walls::kOpen));
  }

  /// One step of Adam on c * mean max(margin, 0) + mean (z - origin)^8, which it returns; adds the
  /// images classified right before it.
  double descend(int& correct) {
    Objective& objective = arena_.objective();
    const size_t batches = objective.all().size() / batch_;
    const std::span<const int> index =
        std::span(objective.all()).subspan(static_cast<size_t>(step_) % batches * batch_, batch_);
    const BatchResult here = objective.evaluate(z_, index, clamped_margin({}), Walls::kOpen);
    const auto count = static_cast<double>(batch_);
    const auto weight = static_cast<float>(c_ / count);
    const auto pull = static_cast<float>(kPower / coordinates_);
    double distance = 0;
    Point slope = objective.gradient();
    for_each_coordinate(
        [&](float& g, const float& at, const float& from) {
          const float d = at - from, square = d * d, sixth = square * square * square;
          distance += sixth * square;
          g = weight * g + pull * sixth * d;
        },
        slope, z_, origin_);
    adam_.move(z_, slope, rates_);
    correct += here.correct;
    return c_ * here.loss / count + distance / coordinates_;
  }

  /// The end of a value of c: keeps the point if it meets the bound, and picks the next c. True:
  /// the bound is met closely.
  bool judge() {
    const double reached = deviation();
    if (reached <= 1.0) {
      fits_ = c_;
      arena_.count(z_);
      if (reached >= kMeets) return true;
    } else {
      exceeds_ = c_;
    }
    c_ = fits_ && exceeds_ ? std::sqrt(*fits_ * *exceeds_) : fits_ ? c_ * kFactor : c_ / kFactor;
    z_ = origin_;
    adam_ = AdamMoments(z_);
    return false;
  }

  Arena& arena_;
  size_t batch_;
  int inner_ = 1;              // steps for each value of c
  int stride_ = 1;             // steps of an iteration
  std::vector<double> rates_;  // of each layer, in half boxes
  double coordinates_ = 0;
  Point origin_, z_;
  AdamMoments adam_;
  double c_ = 1.0;
  std::optional<double> fits_, exceeds_;
  int outer_ = 0, step_ = 0;
};

}  // namespace

std::unique_ptr<ISearch> make_cw_penalty(Arena& arena, const SearchSettings& settings) {
  return std::make_unique<CwPenalty>(arena, settings);
}

}  // namespace crucible::search
