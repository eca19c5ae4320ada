// See column_converters.hpp.
#include "models/tile/column_converters.hpp"

namespace crucible::models {

ColumnConverters::ColumnConverters(const TileSettings& settings, int cols)
    : transparent_(settings.adc.transparent),
      inl_(settings.effects.adc_inl && !settings.effects.adc_inl_steps.empty()),
      shift_(settings.adc.shift),
      bits_(settings.adc.bits),
      half_(settings.adc.shift > 0 ? int64_t{1} << (settings.adc.shift - 1) : 0),
      columns_(static_cast<size_t>(cols)) {
  const EffectSettings& effects = settings.effects;
  for (size_t c = 0; c < columns_.size(); ++c) {
    Column& column = columns_[c];
    if (!settings.adc_offset.empty())
      column.offset = settings.adc_offset[c] * (int64_t{1} << (settings.lsb_exp - 8));
    if (effects.adc_gain && !effects.adc_gain_error.empty())
      column.gain = effects.adc_gain_error[c];
    if (!inl_) continue;
    for (size_t i = 0; i < column.inl.size(); ++i) {
      column.inl[i] = static_cast<int32_t>(
          (effects.adc_inl_steps[column.inl.size() * c + i] * (int64_t{1} << shift_)) >> 4);
    }
  }
}

}  // namespace crucible::models
