// Adversarial training against the worst case: sign steps on the weights, up the loss of the
// step's images, held inside the bound's box. The ascent is that of A. Madry et al. (ICLR 2018) on
// weights in place of inputs; training at perturbed weights is D. Wu, S.-T. Xia, Y. Wang,
// "Adversarial Weight Perturbation Helps Robust Generalization", NeurIPS 2020.
#pragma once

#include "host/train/hardening.hpp"

namespace crucible::train {

class WorstWeights final : public IPerturbation {
 public:
  /// bound: fraction of w_max, which a network in training always has at 15 LSB.
  WorstWeights(const models::QuantisedNetwork& network, double bound, int steps);
  /// From no change, `steps` steps of 2 / (steps + 1) of the bound: one step ends at a vertex, more
  /// can turn back.
  const models::WeightDelta& perturb(int step, double strength,
                                     const GradientAt& gradient_at) override;

 private:
  double bound_lsb_;
  int steps_;
  models::WeightDelta delta_;
  models::NetworkGradient gradient_;
};

}  // namespace crucible::train
