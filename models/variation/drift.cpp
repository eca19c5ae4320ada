// See drift.hpp.
#include "models/variation/drift.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/error.hpp"

namespace crucible::models {

uint16_t drift_loss(double nu, double ratio) {
  if (!(nu >= 0 && nu <= 1)) {
    throw Error(ErrorKind::kUsage,
                fmt::format("drift: the exponent is {}; it must be between 0 and 1", nu));
  }
  if (!(ratio >= 1) || !std::isfinite(ratio)) {
    throw Error(ErrorKind::kUsage,
                fmt::format("drift: the ratio of times is {}; it must be at least 1", ratio));
  }
  const double loss = -std::expm1(-nu * std::log(ratio));  // 1 - ratio^-nu, exact near 0
  return static_cast<uint16_t>(std::min(std::floor(loss * 0x1p16 + 0.5), 65535.0));
}

}  // namespace crucible::models
