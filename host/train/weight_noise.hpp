// Gaussian noise on every weight, drawn anew in each step; right-censored where a point is given:
// values above it become it (Z. Yan et al., ICCAD 2023, arXiv:2307.15853).
#pragma once

#include <optional>

#include "host/train/hardening.hpp"

namespace crucible::train {

class WeightNoise final : public IPerturbation {
 public:
  /// sigma: fraction of w_max, which a network in training always has at 15 LSB. censor: in units
  /// of sigma.
  WeightNoise(const models::QuantisedNetwork& network, double sigma, std::optional<double> censor,
              uint64_t seed, int threads);
  const models::WeightDelta& perturb(int step, double strength,
                                     const GradientAt& gradient_at) override;

 private:
  double sigma_lsb_;
  std::optional<double> censor_;
  uint64_t seed_;
  int threads_;
  models::WeightDelta delta_;
};

}  // namespace crucible::train
