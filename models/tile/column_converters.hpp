// ADCs of the physical columns one by one: offset, gain, integral non-linearity, both modes.
// docs/numerics.md, "One physical column and bit plane".
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "models/tile/rshift.hpp"
#include "models/tile/tile_settings.hpp"

namespace crucible::models {

class ColumnConverters {
 public:
  ColumnConverters(const TileSettings& settings, int cols);

  /// Code of S' of a column; counts into `saturations`.
  int64_t code(int col, int64_t sum, uint64_t& saturations) const {
    const Column& column = columns_[static_cast<size_t>(col)];
    const int64_t offset = sum + column.offset;
    int64_t a = offset + rshift(offset * column.gain, 16);
    if (transparent_) return a;
    if (inl_) {
      const int64_t segment = (a * 16) >> (shift_ + bits_);
      a += column.inl[static_cast<size_t>(std::clamp<int64_t>(segment, 0, 15))];
    }
    const int64_t unclamped = (a + half_) >> shift_;
    const int64_t code = std::clamp<int64_t>(unclamped, 0, (int64_t{1} << bits_) - 1);
    if (code != unclamped) ++saturations;
    return code;
  }

  /// Weight of a physical column's codes in its output: slices 1 and 4, negative polarity in the
  /// upper pair.
  static constexpr int32_t weight(int col) {
    const int32_t slice = col % 2 == 0 ? 1 : 4;
    return col % 4 < 2 ? slice : -slice;
  }

 private:
  struct Column {
    int64_t offset = 0;             ///< LSB of 2^-lsb_exp level
    int64_t gain = 0;               ///< unit 2^-16
    std::array<int32_t, 16> inl{};  ///< LSB of 2^-lsb_exp level
  };
  bool transparent_, inl_;
  int shift_, bits_;
  int64_t half_;
  std::vector<Column> columns_;
};

}  // namespace crucible::models
