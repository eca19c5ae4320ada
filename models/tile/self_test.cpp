// See self_test.hpp.
#include "models/tile/self_test.hpp"

#include <algorithm>
#include <cstdlib>

#include "models/tile/column_converters.hpp"

namespace crucible::models {

RampResult adc_ramp(const TileSettings& settings, int cols) {
  constexpr int64_t kMost = 65535;
  const ColumnConverters converters(settings, cols);
  uint64_t saturations = 0;  // the ramp's are not counted
  int64_t worst = 0, differing = 0;
  for (int64_t k = 0; k < int64_t{1} << settings.adc.bits; ++k) {
    const int64_t sum = k << settings.adc.shift;
    if (sum >= int64_t{1} << 31) break;
    for (int c = 0; c < cols; ++c) {
      const int64_t difference = std::abs(converters.code(c, sum, saturations) - k);
      worst = std::max(worst, difference);
      if (difference != 0) ++differing;
    }
  }
  return {static_cast<uint32_t>(std::min(worst, kMost)),
          static_cast<uint32_t>(std::min(differing, kMost))};
}

}  // namespace crucible::models
