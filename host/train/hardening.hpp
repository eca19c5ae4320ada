// How training makes a network withstand device variation: what each step does to the weights
// before it takes its gradient. See docs/training.md.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "models/float_twin/float_twin.hpp"
#include "models/network/network.hpp"

namespace crucible::train {

enum class HardeningKind {
  kNone,
  kGaussian,       ///< Gaussian noise on every weight
  kRightCensored,  ///< Gaussian noise whose values above a point are that point
  kAdversarial,    ///< the worst weights in the bound's box that a few sign steps find
};

/// Lengths are fractions of each layer's w_max, as in VariationBound::weight_fraction().
struct Hardening {
  HardeningKind kind = HardeningKind::kNone;
  double sigma = 0.03;   ///< noise: standard deviation before censoring
  double censor = 0.0;   ///< right-censored: the point, in units of sigma
  double bound = 0.005;  ///< adversarial: half the box
  int steps = 2;         ///< adversarial: sign steps before the gradient counts
  double ramp = 0.5;     ///< share of the training over which sigma or bound grows from 0
};

/// dLoss / dw of the step's images with every weight moved by `delta`.
using GradientAt =
    std::function<void(const models::WeightDelta& delta, models::NetworkGradient& gradient)>;

class IPerturbation {
 public:
  virtual ~IPerturbation() = default;
  /// The change of all weights of step `step`, in weight LSB; `strength` 0 .. 1 scales it. The
  /// reference holds until the next call.
  virtual const models::WeightDelta& perturb(int step, double strength,
                                             const GradientAt& gradient_at) = 0;
};

/// Nothing for kNone. The change is a function of (seed, step, weight) and the gradients alone.
/// Throws crucible::Error(kUsage) for values out of range.
[[nodiscard]] std::unique_ptr<IPerturbation> make_perturbation(
    const Hardening& hardening, const models::QuantisedNetwork& network, uint64_t seed,
    int threads);

/// How strong the perturbation is at a step: linear up to 1 at ramp * steps.
[[nodiscard]] double strength_at(const Hardening& hardening, int step, int steps);

}  // namespace crucible::train
