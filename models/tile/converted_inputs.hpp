// A bank behind input converters that are not ideal: docs/numerics.md, "One input".
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "models/tile/tile_twin.hpp"

namespace crucible::models {

class ConvertedInputs final : public PreparedBank {
 public:
  /// The effects must have passed check_bank(); `bank` multiplies what the converters give.
  ConvertedInputs(int rows_used, const EffectSettings& effects, std::unique_ptr<PreparedBank> bank);

  void multiply(uint32_t first_read, std::span<const uint8_t> x, int count, std::span<int64_t> out,
                TileCounters& counters) const override;
  [[nodiscard]] int64_t largest_sum(std::span<const uint8_t> x, int count) const override;

 private:
  [[nodiscard]] std::vector<uint8_t> convert(std::span<const uint8_t> x) const;

  std::vector<std::array<uint8_t, 256>> codes_;  ///< [rows in use]
  std::unique_ptr<PreparedBank> bank_;
};

}  // namespace crucible::models
