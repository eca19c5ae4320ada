// See converted_inputs.hpp.
#include "models/tile/converted_inputs.hpp"

#include <algorithm>

#include "models/tile/rshift.hpp"

namespace crucible::models {

ConvertedInputs::ConvertedInputs(int rows_used, const EffectSettings& effects,
                                 std::unique_ptr<PreparedBank> bank)
    : codes_(static_cast<size_t>(rows_used)), bank_(std::move(bank)) {
  const auto at = [](const std::vector<int8_t>& table, size_t index) {
    return table.empty() ? int64_t{0} : int64_t{table[index]};
  };
  for (size_t r = 0; r < codes_.size(); ++r) {
    for (int64_t x = 0; x < 256; ++x) {
      const int64_t given = x + rshift(x * at(effects.dac_gain, r), 8) + at(effects.dac_offset, r) +
                            at(effects.dac_inl, 16 * r + static_cast<size_t>(x >> 4));
      codes_[r][static_cast<size_t>(x)] = static_cast<uint8_t>(std::clamp<int64_t>(given, 0, 255));
    }
  }
}

std::vector<uint8_t> ConvertedInputs::convert(std::span<const uint8_t> x) const {
  std::vector<uint8_t> converted(x.size());
  size_t row = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    converted[i] = codes_[row][x[i]];
    row = row + 1 == codes_.size() ? 0 : row + 1;
  }
  return converted;
}

void ConvertedInputs::multiply(uint32_t first_read, std::span<const uint8_t> x, int count,
                               std::span<int64_t> out, TileCounters& counters) const {
  bank_->multiply(first_read, convert(x), count, out, counters);
}

int64_t ConvertedInputs::largest_sum(std::span<const uint8_t> x, int count) const {
  return bank_->largest_sum(convert(x), count);
}

}  // namespace crucible::models
