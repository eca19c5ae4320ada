// The effects of the in-process device: their settings, chips from a seed, self-test.
#include "models/device/device_model.hpp"
#include "models/device/job_cycles.hpp"
#include "models/tile/self_test.hpp"

namespace crucible::models {

EffectSettings DeviceModel::effects() const {
  EffectSettings effects = memory_.tables();
  const uint32_t on = at(spec::kRegEffects);
  effects.drift = (on & spec::kEffectsDriftMask) != 0;
  effects.stuck = (on & spec::kEffectsStuckMask) != 0;
  effects.noise =
      static_cast<ReadNoise>(field(on, spec::kEffectsNoiseMask, spec::kEffectsNoiseLsb));
  effects.attenuation = (on & spec::kEffectsAttenuationMask) != 0;
  effects.adc_gain = (on & spec::kEffectsAdcGainMask) != 0;
  effects.adc_inl = (on & spec::kEffectsAdcInlMask) != 0;
  effects.dac = (on & spec::kEffectsDacMask) != 0;
  effects.drift_loss = pairs(spec::kRegDrift01);
  effects.noise_seed = seed(spec::kRegNoiseSeedLo, spec::kRegNoiseSeedHi);
  effects.noise_cell = at(spec::kRegNoiseCell);
  effects.noise_slope = at(spec::kRegNoiseSlope);
  return effects;
}

GeneratorSettings DeviceModel::generator() const {
  GeneratorSettings settings;
  settings.sigma = pairs(spec::kRegGenSigma01);
  settings.kind = static_cast<OffsetShape>(
      at(spec::kRegGenShape, spec::kGenShapeKindMask, spec::kGenShapeKindLsb));
  settings.limit = static_cast<uint16_t>(
      at(spec::kRegGenShape, spec::kGenShapeLimitMask, spec::kGenShapeLimitLsb));
  settings.off_rate =
      static_cast<uint16_t>(at(spec::kRegGenStuck, spec::kGenStuckOffMask, spec::kGenStuckOffLsb));
  settings.on_rate =
      static_cast<uint16_t>(at(spec::kRegGenStuck, spec::kGenStuckOnMask, spec::kGenStuckOnLsb));
  settings.tolerance = static_cast<uint8_t>(
      at(spec::kRegVerify, spec::kVerifyToleranceMask, spec::kVerifyToleranceLsb));
  settings.pulses =
      static_cast<uint8_t>(at(spec::kRegVerify, spec::kVerifyPulsesMask, spec::kVerifyPulsesLsb));
  settings.pulse_step = static_cast<uint16_t>(
      at(spec::kRegVerifyPulse, spec::kVerifyPulseStepMask, spec::kVerifyPulseStepLsb));
  settings.pulse_sigma = static_cast<uint16_t>(
      at(spec::kRegVerifyPulse, spec::kVerifyPulseSigmaMask, spec::kVerifyPulseSigmaLsb));
  settings.seed = seed(spec::kRegGenSeedLo, spec::kRegGenSeedHi);
  return settings;
}

uint64_t DeviceModel::seed(uint32_t low, uint32_t high) const {
  return at(low) | uint64_t{at(high)} << 32;
}

std::array<uint16_t, 4> DeviceModel::pairs(uint32_t first) const {
  const uint32_t a = at(first), b = at(first + 4);
  return {static_cast<uint16_t>(a), static_cast<uint16_t>(a >> 16), static_cast<uint16_t>(b),
          static_cast<uint16_t>(b >> 16)};
}

void DeviceModel::generate(bool offsets, bool stuck) {
  if (!offsets && !stuck) return;
  const std::vector<uint8_t> levels = memory_.levels();
  const GeneratorSettings settings = generator();
  Counts counts;
  uint64_t cycles = 0;
  if (offsets) {
    uint64_t pulses = 0, unverified = 0, redraws = 0;
    memory_.set_offsets(generate_offsets(levels, settings, pulses, unverified, &redraws));
    cycles += offsets_cycles(config_, redraws);
    counts.pulses = static_cast<uint32_t>(pulses);
    counts.unverified = static_cast<uint32_t>(unverified);
  }
  if (stuck) {
    memory_.set_stuck(generate_stuck(levels.size(), settings));
    cycles += stuck_cycles(config_);
  }
  occupy(cycles, counts);
}

void DeviceModel::self_test(bool march, bool ramp) {
  if (!march && !ramp) return;
  uint32_t& result = at(spec::kRegSelftestResult);
  uint64_t cycles = 0;
  if (march) {
    memory_.clear_cells();  // a march over sound memories finds nothing
    result |= spec::kSelftestResultMarchDoneMask;
    cycles += march_cycles(config_);
  }
  if (ramp) {
    const TileSettings now = settings();
    const RampResult found = adc_ramp(now, config_.cols);
    cycles += ramp_cycles(config_, now.adc.bits, now.adc.shift);
    result |= spec::kSelftestResultRampDoneMask;
    at(spec::kRegSelftestRamp) = static_cast<uint32_t>(found.worst) << spec::kSelftestRampWorstLsb |
                                 static_cast<uint32_t>(found.differing)
                                     << spec::kSelftestRampDifferingLsb;
  }
  occupy(cycles, {});
}

}  // namespace crucible::models
