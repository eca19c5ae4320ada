#include "host/train/hardening.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/train/weight_noise.hpp"
#include "host/train/worst_weights.hpp"
#include "models/error.hpp"

namespace crucible::train {
namespace {

void check(const Hardening& h) {
  const auto refuse = [](const std::string& what) {
    throw Error(ErrorKind::kUsage, "train: " + what);
  };
  const bool noise = h.kind == HardeningKind::kGaussian || h.kind == HardeningKind::kRightCensored;
  if (noise && !(h.sigma > 0 && h.sigma <= 1))
    refuse(fmt::format("sigma is {}; it must be above 0 and at most 1 (w_max)", h.sigma));
  if (h.kind == HardeningKind::kRightCensored && !(h.censor >= -5 && h.censor <= 5))
    refuse(fmt::format("censor is {}; it must be -5 .. 5 (sigma)", h.censor));
  if (h.kind == HardeningKind::kAdversarial && !(h.bound > 0 && h.bound <= 1))
    refuse(fmt::format("bound is {}; it must be above 0 and at most 1 (w_max)", h.bound));
  if (h.kind == HardeningKind::kAdversarial && h.steps < 1)
    refuse(fmt::format("steps is {}; it must be 1 or more", h.steps));
  if (!(h.ramp >= 0 && h.ramp <= 1)) refuse(fmt::format("ramp is {}; it must be 0 .. 1", h.ramp));
}

}  // namespace

std::unique_ptr<IPerturbation> make_perturbation(const Hardening& hardening,
                                                 const models::QuantisedNetwork& network,
                                                 uint64_t seed, int threads) {
  check(hardening);
  switch (hardening.kind) {
    case HardeningKind::kNone:
      return nullptr;
    case HardeningKind::kGaussian:
      return std::make_unique<WeightNoise>(network, hardening.sigma, std::nullopt, seed, threads);
    case HardeningKind::kRightCensored:
      return std::make_unique<WeightNoise>(network, hardening.sigma, hardening.censor, seed,
                                           threads);
    case HardeningKind::kAdversarial:
      return std::make_unique<WorstWeights>(network, hardening.bound, hardening.steps);
  }
  return nullptr;
}

double strength_at(const Hardening& hardening, int step, int steps) {
  const double ramp = hardening.ramp * steps;
  return ramp > 0 ? std::min(1.0, step / ramp) : 1.0;
}

}  // namespace crucible::train
