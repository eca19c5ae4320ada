// See self_test.hpp.
#include "models/tile/self_test.hpp"

#include <algorithm>
#include <cstdlib>

#include "models/tile/column_converters.hpp"

namespace crucible::models {

RampResult adc_ramp(const TileSettings& settings, int cols) {
  constexpr int64_t kMostDiffering = 65535;
  TileSettings quantising = settings;
  quantising.adc.transparent = false;
  const ColumnConverters converters(quantising, cols);
  uint64_t saturations = 0;  // the ramp's are not counted
  int64_t worst = 0, differing = 0;
  const int64_t end = int64_t{1} << std::min(settings.adc.bits, 29 - settings.adc.shift);
  for (int64_t k = 0; k < end; ++k) {
    const int64_t sum = k << settings.adc.shift;
    for (int c = 0; c < cols; ++c) {
      const int64_t difference = std::abs(converters.code(c, sum, saturations) - k);
      worst = std::max(worst, difference);
      if (difference != 0) ++differing;
    }
  }
  return {static_cast<uint32_t>(worst), static_cast<uint32_t>(std::min(differing, kMostDiffering))};
}

}  // namespace crucible::models
