// Settings of a tile that are not cells: injection, rails, ADC, effects. See docs/numerics.md.
#pragma once

#include <array>
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

/// Noise of reads: a draw for every cell and plane, or one for every column and plane.
enum class ReadNoise : uint8_t { kNone, kCell, kColumn };

/// The registers EFFECTS, NOISE_* and DRIFT_*, and the tables of rows and columns. An empty table
/// means all zero; the others have an entry (dac_inl, adc_inl: 16) for every row or physical column
/// of a bank.
struct EffectSettings {
  bool drift = false;
  bool stuck = false;
  ReadNoise noise = ReadNoise::kNone;
  bool attenuation = false;
  bool adc_gain = false;
  bool adc_inl = false;
  bool dac = false;
  std::array<uint16_t, 4> drift_loss{};  ///< by level, u0.16
  uint64_t noise_seed = 0;
  uint32_t noise_cell = 0;              ///< u16.8, (2^-8 level)^2
  uint32_t noise_slope = 0;             ///< u8.16, 2^-8 level
  std::vector<uint16_t> row_loss;       ///< unit 2^-16, at most 2^15 - 1
  std::vector<uint16_t> col_loss;       ///< 〃
  std::vector<int8_t> dac_offset;       ///< input LSB
  std::vector<int8_t> dac_gain;         ///< unit 2^-8
  std::vector<int8_t> dac_inl;          ///< [rows][16], input LSB
  std::vector<int16_t> adc_gain_error;  ///< unit 2^-16
  std::vector<int8_t> adc_inl_steps;    ///< [cols][16], 1/16 code
  /// Whether any of them counts.
  [[nodiscard]] bool any() const {
    return drift || stuck || noise != ReadNoise::kNone || attenuation || adc_gain || adc_inl || dac;
  }
  friend bool operator==(const EffectSettings&, const EffectSettings&) = default;
};

/// Everything that the registers INJECT, BASE, ADC and the window ADC_OFFSET hold.
struct TileSettings {
  bool inject = false;  ///< INJECT.enable
  int lsb_exp = 8;      ///< INJECT.lsb_exp, one offset LSB is 2^-lsb_exp level; 8 .. 18
  int base = 0;         ///< BASE, unit 2^-8 level; 0 .. 255
  AdcSettings adc;
  std::vector<int16_t> adc_offset;  ///< per physical column, unit 2^-8 level; empty means all zero
  EffectSettings effects;
  friend bool operator==(const TileSettings&, const TileSettings&) = default;
};

}  // namespace crucible::models
