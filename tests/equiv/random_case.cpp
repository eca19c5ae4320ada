#include "tests/equiv/random_case.hpp"

#include <algorithm>

#include "tests/unit/models_support.hpp"

namespace crucible::sim {

int8_t RandomCase::offset() { return static_cast<int8_t>(edgy(-128, 127)); }

models::BankCells RandomCase::cells() {
  const auto size = static_cast<size_t>(config_.rows * config_.cols);
  models::BankCells cells{.rows = config_.rows, .cols = config_.cols, .levels = {}, .offsets = {}};
  const bool extremes = one_in(4);  // every cell at a rail, every offset beyond it
  const bool sparse = one_in(4);
  for (size_t i = 0; i < size; ++i) {
    cells.levels.push_back(static_cast<uint8_t>(extremes ? 3 * uniform(0, 1) : uniform(0, 3)));
    if (extremes) {
      cells.offsets.push_back(one_in(2) ? -128 : 127);
    } else {
      cells.offsets.push_back(sparse && !one_in(8) ? int8_t{0} : offset());
    }
  }
  if (config_.effects != 0) {
    models::testing::Random random(random_());
    models::testing::add_stuck(random, cells);
  }
  return cells;
}

models::TileSettings RandomCase::settings() {
  models::TileSettings settings;
  settings.inject = !one_in(5);
  settings.lsb_exp = edgy(8, 18);
  settings.base = edgy(0, 255);
  settings.adc.transparent = one_in(4);
  // Around the step that fits the array, and anywhere.
  int fitting = settings.lsb_exp;
  for (int full_scale = 3 * config_.rows; full_scale > 255; full_scale /= 2) ++fitting;
  settings.adc.shift = one_in(3) ? edgy(0, 27) : std::min(27, fitting + uniform(-3, 1));
  settings.adc.bits = one_in(2) ? 8 : edgy(1, 12);
  if (!one_in(3)) {
    const int limit = one_in(2) ? 32767 : 512;
    for (int col = 0; col < config_.cols; ++col) {
      settings.adc_offset.push_back(static_cast<int16_t>(edgy(-limit - 1, limit)));
    }
  }
  if (config_.effects != 0 && !one_in(4)) settings.effects = effects();
  return settings;
}

models::EffectSettings RandomCase::effects() {
  models::testing::Random random(random_());
  models::EffectSettings effects =
      models::testing::random_effects(random, config_.rows, config_.cols);
  for (auto& loss : effects.drift_loss) {
    if (one_in(8)) loss = 0;
  }
  for (uint32_t* variance : {&effects.noise_cell, &effects.noise_slope}) {
    if (one_in(8)) *variance = 0xFFFFFF;
  }
  const int kind = uniform(0, 5);
  if (kind == 0) return effects;
  // All together, or one alone, so that no other hides it.
  const bool all = kind == 1;
  effects.drift = effects.stuck = effects.attenuation = all;
  effects.adc_gain = effects.adc_inl = effects.dac = all;
  const auto noise = one_in(4) ? models::ReadNoise::kCell : models::ReadNoise::kColumn;
  effects.noise = all ? noise : models::ReadNoise::kNone;
  if (all) return effects;
  switch (uniform(0, 6)) {
    case 0:
      effects.drift = true;
      break;
    case 1:
      effects.stuck = true;
      break;
    case 2:
      effects.noise = noise;
      break;
    case 3:
      effects.attenuation = true;
      break;
    case 4:
      effects.adc_gain = true;
      break;
    case 5:
      effects.adc_inl = true;
      break;
    default:
      effects.dac = true;
      break;
  }
  return effects;
}

models::GeneratorSettings RandomCase::generator() {
  models::GeneratorSettings settings;
  // Every fourth an end; the others of every size.
  const auto any = [this](int low, int high) {
    if (one_in(4)) return one_in(2) ? low : high;
    return std::max(low, uniform(low, high) >> uniform(0, 8));
  };
  const auto word = [&] { return static_cast<uint16_t>(any(0, 0xFFFF)); };
  for (auto& sigma : settings.sigma) sigma = word();
  settings.kind = static_cast<models::OffsetShape>(uniform(0, 2));
  settings.limit = any(128, 4095);
  settings.off_rate = word();
  settings.on_rate = static_cast<uint16_t>(any(0, 0xFFFF - settings.off_rate));
  if (one_in(2)) std::swap(settings.off_rate, settings.on_rate);
  settings.tolerance = any(0, 127);
  settings.pulses = one_in(2) ? 0 : any(0, 255);
  settings.pulse_step = word();
  settings.pulse_sigma = word();
  settings.seed = random_();
  return settings;
}

Job RandomCase::job(int max_count) {
  Job job;
  job.bank = static_cast<uint32_t>(edgy(0, config_.banks - 1));
  job.rows = static_cast<uint32_t>(edgy(1, config_.rows));
  job.cols = static_cast<uint32_t>(4 * edgy(1, config_.cols / 4));
  const int vector_words = static_cast<int>(job.rows + 3) / 4;
  const int result_words = static_cast<int>(job.cols) / 4;
  const int count = std::max(1, std::min(max_count, config_.out_words / result_words));
  job.count = static_cast<uint32_t>(edgy(1, count));
  const int steps = static_cast<int>(job.count) - 1;
  const int widest = steps == 0 ? config_.in_words : (config_.in_words - vector_words) / steps;
  job.stride = static_cast<uint32_t>(one_in(2) ? std::min(vector_words, widest) : edgy(0, widest));
  const int in_end = steps * static_cast<int>(job.stride) + vector_words;
  job.in = static_cast<uint32_t>(edgy(0, config_.in_words - in_end));
  job.out = static_cast<uint32_t>(
      edgy(0, config_.out_words - static_cast<int>(job.count) * result_words));
  if (steps == 0 && one_in(2))
    job.stride = 0xffff;  // without a second vector the stride means nothing
  job.read = one_in(4) ? 0xFFFFFFFF - static_cast<uint32_t>(uniform(0, 3))
                       : static_cast<uint32_t>(random_());
  return job;
}

std::vector<uint8_t> RandomCase::inputs(size_t count) {
  std::vector<uint8_t> inputs(count);
  const int kind = uniform(0, 3);
  for (uint8_t& input : inputs) {
    input = static_cast<uint8_t>(kind == 0 ? 255 : kind == 1 && !one_in(4) ? 0 : uniform(0, 255));
  }
  return inputs;
}

}  // namespace crucible::sim
