// See requantise.hpp.
#include "models/network/requantise.hpp"

#include <fmt/format.h>

#include <cmath>

#include "models/error.hpp"

namespace crucible::models {

Requantiser make_requantiser(double ratio, const char* layer) {
  int exponent = 0;
  const double fraction = std::frexp(ratio, &exponent);
  Requantiser requantiser;
  auto multiplier = static_cast<int64_t>(std::llround(fraction * 65536.0));
  requantiser.right_shift = 16 - exponent;
  if (multiplier == 65536) {
    multiplier = 32768;
    --requantiser.right_shift;
  }
  requantiser.multiplier = static_cast<uint32_t>(multiplier);
  if (!(ratio > 0.0) || !std::isfinite(ratio) || requantiser.right_shift < 1 ||
      requantiser.right_shift > 62) {
    throw Error(ErrorKind::kUsage,
                fmt::format("compile: layer '{}': one unit of its sums is {} output LSB, which no "
                            "16-bit multiplier with a shift of 1 to 62 gives; check its scales",
                            layer, ratio));
  }
  return requantiser;
}

}  // namespace crucible::models
