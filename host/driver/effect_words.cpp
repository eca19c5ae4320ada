#include "host/driver/effect_words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "models/error.hpp"
#include "spec/gen/crucible_spec.hpp"

namespace crucible::driver {

using models::EffectSettings;

namespace {

constexpr size_t kSteps = 16;  ///< of a table of non-linearity
constexpr uint32_t kMaxLoss = 0x7FFF;

uint32_t flag(bool on, uint32_t mask) { return on ? mask : 0; }

uint32_t pair(uint16_t low, uint16_t high) { return low | uint32_t{high} << 16; }

uint32_t variance(const char* what, uint32_t value, uint32_t mask) {
  if (value <= mask) return value;
  throw Error(ErrorKind::kUsage,
              fmt::format("{}: the variance is {}, legal is 0 .. {}", what, value, mask));
}

/// Entry i of a table, 0 where it is empty.
template <typename Value>
Value entry(const std::vector<Value>& table, size_t i) {
  return table.empty() ? Value{0} : table[i];
}

template <typename Value>
void check_size(const char* what, const std::vector<Value>& table, size_t size) {
  if (table.empty() || table.size() == size) return;
  throw Error(ErrorKind::kUsage,
              fmt::format("{}: {} entries for a tile that takes {}", what, table.size(), size));
}

uint32_t loss(const char* what, const std::vector<uint16_t>& table, size_t i) {
  const uint16_t value = entry(table, i);
  if (value <= kMaxLoss) return value;
  throw Error(ErrorKind::kUsage,
              fmt::format("{} {}: the attenuation is {} of 2^-16, legal is 0 .. {}", what, i, value,
                          kMaxLoss));
}

uint32_t byte(int8_t value, uint32_t lsb) { return uint32_t{static_cast<uint8_t>(value)} << lsb; }

/// Four steps a word.
std::vector<uint32_t> step_words(const std::vector<int8_t>& steps, size_t lines) {
  std::vector<uint32_t> words(lines * kSteps / 4);
  for (size_t i = 0; i < steps.size(); ++i)
    words[i / 4] |= byte(steps[i], static_cast<uint32_t>(8 * (i % 4)));
  return words;
}

}  // namespace

uint32_t effects_word(const EffectSettings& effects) {
  return flag(effects.drift, spec::kEffectsDriftMask) |
         flag(effects.stuck, spec::kEffectsStuckMask) |
         static_cast<uint32_t>(effects.noise) << spec::kEffectsNoiseLsb |
         flag(effects.attenuation, spec::kEffectsAttenuationMask) |
         flag(effects.adc_gain, spec::kEffectsAdcGainMask) |
         flag(effects.adc_inl, spec::kEffectsAdcInlMask) | flag(effects.dac, spec::kEffectsDacMask);
}

std::array<uint32_t, 6> noise_and_drift_words(const EffectSettings& effects) {
  const auto& loss = effects.drift_loss;
  return {static_cast<uint32_t>(effects.noise_seed),
          static_cast<uint32_t>(effects.noise_seed >> 32),
          variance("NOISE_CELL", effects.noise_cell, spec::kNoiseCellVarianceMask),
          variance("NOISE_SLOPE", effects.noise_slope, spec::kNoiseSlopeVarianceMask),
          pair(loss[0], loss[1]),
          pair(loss[2], loss[3])};
}

std::array<uint32_t, 7> generator_words(const models::GeneratorSettings& settings) {
  return {pair(settings.sigma[0], settings.sigma[1]),
          pair(settings.sigma[2], settings.sigma[3]),
          static_cast<uint32_t>(settings.kind) << spec::kGenShapeKindLsb |
              static_cast<uint32_t>(settings.limit) << spec::kGenShapeLimitLsb,
          pair(settings.off_rate, settings.on_rate),
          static_cast<uint32_t>(settings.tolerance) << spec::kVerifyToleranceLsb |
              static_cast<uint32_t>(settings.pulses) << spec::kVerifyPulsesLsb,
          pair(settings.pulse_step, settings.pulse_sigma),
          static_cast<uint32_t>(settings.seed >> 32)};
}

TableWords effect_tables(const EffectSettings& effects, const models::TileGeometry& geometry) {
  const auto rows = static_cast<size_t>(geometry.rows), cols = static_cast<size_t>(geometry.cols);
  check_size("row attenuation", effects.row_loss, rows);
  check_size("DAC offset", effects.dac_offset, rows);
  check_size("DAC gain", effects.dac_gain, rows);
  check_size("DAC non-linearity", effects.dac_inl, rows * kSteps);
  check_size("column attenuation", effects.col_loss, cols);
  check_size("ADC gain", effects.adc_gain_error, cols);
  check_size("ADC non-linearity", effects.adc_inl_steps, cols * kSteps);
  TableWords tables;
  for (size_t c = 0; c < cols && (effects.attenuation || effects.adc_gain); ++c) {
    const auto gain = static_cast<uint16_t>(entry(effects.adc_gain_error, c));
    tables[spec::kWindowColumnTable].push_back(loss("column", effects.col_loss, c) | uint32_t{gain}
                                                                                         << 16);
  }
  for (size_t r = 0; r < rows && (effects.attenuation || effects.dac); ++r) {
    tables[spec::kWindowRowTable].push_back(loss("row", effects.row_loss, r) |
                                            byte(entry(effects.dac_offset, r), 16) |
                                            byte(entry(effects.dac_gain, r), 24));
  }
  if (effects.adc_inl) tables[spec::kWindowAdcInl] = step_words(effects.adc_inl_steps, cols);
  if (effects.dac) tables[spec::kWindowDacInl] = step_words(effects.dac_inl, rows);
  return tables;
}

std::string describe_effects(const EffectSettings& effects) {
  std::vector<std::string> on;
  if (effects.drift) on.emplace_back("drift");
  if (effects.stuck) on.emplace_back("stuck cells");
  if (effects.noise == models::ReadNoise::kCell) on.emplace_back("noise of reads by cell");
  if (effects.noise == models::ReadNoise::kColumn) on.emplace_back("noise of reads by column");
  if (effects.attenuation) on.emplace_back("attenuation");
  if (effects.adc_gain) on.emplace_back("ADC gain");
  if (effects.adc_inl) on.emplace_back("ADC non-linearity");
  if (effects.dac) on.emplace_back("input converters");
  return fmt::format("{}", fmt::join(on, ", "));
}

}  // namespace crucible::driver
