// Settings of a tile that are not cells: injection, rails, ADC. See docs/numerics.md.
#pragma once

#include <cstdint>
#include <vector>

namespace crucible::models {

/// ADC of every column and plane. Quantising: code = clamp((A + half) >> shift, 0, 2^bits - 1).
struct AdcSettings {
  bool transparent = false;  ///< code = A, nothing rounded, nothing saturated
  int shift = 0;             ///< 0 .. 27
  int bits = 8;              ///< 1 .. 12
  friend bool operator==(const AdcSettings&, const AdcSettings&) = default;
};

/// Everything that the registers INJECT, BASE, ADC and the window ADC_OFFSET hold.
struct TileSettings {
  bool inject = false;  ///< INJECT.enable
  int lsb_exp = 8;      ///< INJECT.lsb_exp, one offset LSB is 2^-lsb_exp level; 8 .. 18
  int base = 0;         ///< BASE, unit 2^-8 level; 0 .. 255
  AdcSettings adc;
  std::vector<int16_t> adc_offset;  ///< per physical column, unit 2^-8 level; empty means all zero
  friend bool operator==(const TileSettings&, const TileSettings&) = default;
};

}  // namespace crucible::models
