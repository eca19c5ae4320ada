// cw-penalty: the published method (Z. Yan, X. S. Hu, Y. Shi, "Computing-in-memory neural network
// accelerators for safety-critical systems: can small device variations be disastrous?", ICCAD
// 2022), after Carlini and Wagner: minimise c * mean max(margin, 0) + distance by Adam over all
// deviations, without projection; an outer search over c until the largest deviation meets the
// bound. What is bounded is the largest deviation, so the distance is a smooth stand-in for it, the
// mean of the eighth powers.
#include <algorithm>
#include <cmath>
#include <optional>

#include "host/search/best_iterate.hpp"
#include "host/search/methods.hpp"

namespace crucible::search {

namespace {

constexpr int kOuter = 10;  // values of c
constexpr int kInner = 40;  // steps of Adam for each
constexpr int kBatch = 1000;
constexpr int kPower = 8;
constexpr double kRate = 0.05;  // Adam's, in half boxes
constexpr double kBeta1 = 0.9, kBeta2 = 0.999, kEpsilon = 1e-12;
constexpr double kFactor = 10;   // between values of c until the bound lies between two of them
constexpr double kMeets = 0.98;  // share of the bound that ends the outer search

struct Adam {
  Point first, second;
  int step = 0;

  explicit Adam(const Point& shape) : first(shape), second(shape) {
    const auto zero = [](float& value) { value = 0.0F; };
    for_each_coordinate(zero, first);
    for_each_coordinate(zero, second);
  }
  /// Moves z against the gradient c * slope + penalty * (z - origin)^7.
  void move(Point& z, const Point& origin, const Point& slope, double c, double penalty) {
    ++step;
    const auto rate = static_cast<float>(kRate / (1 - std::pow(kBeta1, step)));
    const auto root = static_cast<float>(1 / std::sqrt(1 - std::pow(kBeta2, step)));
    constexpr auto b1 = static_cast<float>(kBeta1), b2 = static_cast<float>(kBeta2);
    const auto weight = static_cast<float>(c), pull = static_cast<float>(penalty);
    for_each_coordinate(
        [&](float& at, const float& from, const float& g, float& m, float& v) {
          const float d = at - from, square = d * d;
          const float total = weight * g + pull * square * square * square * d;
          m = b1 * m + (1 - b1) * total;
          v = b2 * v + (1 - b2) * total * total;
          at -= rate * m / (std::sqrt(v) * root + static_cast<float>(kEpsilon));
        },
        z, origin, slope, first, second);
  }
};

class CwPenalty final : public ISearchMethod {
 public:
  SearchResult run(const SearchProblem& problem, double effort,
                   const Progress& progress) const override {
    Objective objective(problem, Walls::kOpen);
    const int inner = std::max(1, static_cast<int>(std::lround(kInner * effort)));
    BestIterate best(objective, progress, kOuter * inner);
    const Point origin = objective.space().origin();
    best.offer(origin, objective.count_correct(origin));
    std::optional<double> fits, exceeds;
    double c = 1.0;
    for (int outer = 0; outer < kOuter; ++outer) {
      Point z = origin;
      if (!minimise(objective, origin, c, inner, z, best)) break;
      const double deviation =
          objective.space().deviation(objective.space().delta(z, Walls::kOpen));
      if (deviation <= 1.0) {
        fits = c;
        best.offer(z, objective.count_correct(z));
        if (deviation >= kMeets) break;
      } else {
        exceeds = c;
      }
      c = fits && exceeds ? std::sqrt(*fits * *exceeds) : fits ? c * kFactor : c / kFactor;
    }
    return std::move(best).result();
  }

 private:
  /// False: the caller ended the search.
  static bool minimise(Objective& objective, const Point& origin, double c, int steps, Point& z,
                       BestIterate& best) {
    const size_t batch = std::min<size_t>(kBatch, objective.all().size());
    double coordinates = 0;
    for (const auto& layer : z) coordinates += static_cast<double>(layer.size());
    Adam adam(z);
    for (int i = 0; i < steps; ++i) {
      const size_t batches = objective.all().size() / batch;
      const std::span<const int> index =
          std::span(objective.all()).subspan(static_cast<size_t>(i) % batches * batch, batch);
      const BatchResult here = objective.evaluate(z, index, clamped_margin(0.0F));
      double distance = 0;
      for_each_coordinate(
          [&](const float& at, const float& from) { distance += std::pow(at - from, kPower); }, z,
          origin);
      const auto count = static_cast<double>(batch);
      const double loss = c * here.loss / count + distance / coordinates;
      if (!best.report(z, loss, here.correct / count)) return false;
      adam.move(z, origin, objective.gradient(), c / count, kPower / coordinates);
    }
    return true;
  }
};

}  // namespace

std::unique_ptr<ISearchMethod> make_cw_penalty() { return std::make_unique<CwPenalty>(); }

}  // namespace crucible::search
