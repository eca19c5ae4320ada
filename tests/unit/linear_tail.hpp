// A tail problem with a known answer: a weighted sum of independent discrete truncated Gaussians,
// which in many draws is Gaussian.
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "host/base/random.hpp"
#include "host/chance/i_tail_problem.hpp"
#include "models/variation/chip_distribution.hpp"

namespace crucible::test {

class LinearTail final : public chance::ITailProblem {
 public:
  explicit LinearTail(size_t draws) : weights_(draws) {
    CounterRandom random(20240501);
    double squares = 0;
    for (int& weight : weights_) {
      weight = random.between(-3, 3);
      squares += weight * weight;
    }
    double variance = 0;
    for (int v = -kLimit; v <= kLimit; ++v) variance += v * v * gaussian_.probability(v);
    deviation_ = std::sqrt(squares * variance);
  }
  [[nodiscard]] size_t draws() const override { return weights_.size(); }
  [[nodiscard]] int16_t draw(size_t, uint64_t uniform) const override {
    return static_cast<int16_t>(gaussian_.draw(uniform));
  }
  void sample(uint64_t seed, std::span<int16_t> values) const override {
    const CounterRandom random(seed, 1);
    for (size_t i = 0; i < values.size(); ++i) values[i] = draw(i, random.at(i));
  }
  [[nodiscard]] chance::Score score(std::span<const int16_t> values) const override {
    int64_t sum = 0;
    for (size_t i = 0; i < values.size(); ++i) sum += int64_t{weights_[i]} * values[i];
    return {sum, 0};
  }
  /// The integer nearest to `sigmas` standard deviations of the sum.
  [[nodiscard]] int64_t value_at(double sigmas) const { return std::llround(sigmas * deviation_); }
  /// P(sum <= value), by the central limit theorem with the correction for integers. The first term
  /// left out of Edgeworth's series is phi(x) He3(x) kappa / 24, kappa the sum's excess kurtosis:
  /// the draws' is -0.63, so kappa is -0.63 * 1.75 / draws (mean w^4 over squared mean w^2). At x =
  /// -3.7 that is 0.4 % of the probability for 1000 draws.
  [[nodiscard]] double probability(int64_t value) const {
    return 0.5 * std::erfc(-(static_cast<double>(value) + 0.5) / deviation_ / std::sqrt(2.0));
  }

 private:
  static constexpr int kLimit = 50;
  std::vector<int> weights_;
  models::TruncatedGaussian gaussian_{kLimit, 0.5};
  double deviation_ = 0;
};

}  // namespace crucible::test
