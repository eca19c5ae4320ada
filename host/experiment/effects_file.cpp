#include "host/experiment/effects_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "host/driver/effect_words.hpp"
#include "host/experiment/effect_values.hpp"
#include "host/experiment/npy.hpp"
#include "host/experiment/yaml_reader.hpp"
#include "models/error.hpp"
#include "models/variation/drift.hpp"

namespace crucible::experiment {
namespace {

constexpr double kShare = 65536;      ///< steps of a share
constexpr double kLevel = 256;        ///< steps of a level where the unit is 2^-8 level
constexpr int64_t kMostLoss = 32767;  ///< of an attenuation
constexpr int64_t kU16 = 65535, kU24 = (1 << 24) - 1;
constexpr int64_t kSteps = 16;  ///< of a non-linearity

template <typename To>
std::vector<To> narrow(const std::vector<int64_t>& values) {
  std::vector<To> narrowed;
  narrowed.reserve(values.size());
  for (const int64_t value : values) narrowed.push_back(static_cast<To>(value));
  return narrowed;
}

/// The one of two ways to give an effect that is there; fails unless exactly one of them is.
bool first_of(const YamlMap& map, const std::vector<std::string>& first,
              const std::vector<std::string>& second) {
  const auto count = [&](const std::vector<std::string>& keys) {
    return std::count_if(keys.begin(), keys.end(), [&](const auto& key) { return map.has(key); });
  };
  const auto have_first = static_cast<size_t>(count(first));
  const auto have_second = static_cast<size_t>(count(second));
  if (have_first == first.size() && have_second == 0) return true;
  if (have_second == second.size() && have_first == 0) return false;
  map.self().fail(
      fmt::format("give either {} or {}", fmt::join(first, " and "), fmt::join(second, " and ")));
}

void read_write_verify(const YamlValue& value, int lsb_exp, models::GeneratorSettings& settings) {
  const YamlMap map =
      value.map({"tolerance_levels", "most_pulses", "step_levels", "pulse_sigma_levels"});
  const double lsb = std::ldexp(1.0, lsb_exp);
  settings.tolerance = static_cast<int>(fixed_point(map["tolerance_levels"], {lsb, 0, 127}));
  settings.pulses = static_cast<int>(map["most_pulses"].integer(1, 255));
  settings.pulse_step =
      static_cast<uint16_t>(fixed_point(map["step_levels"], {256 * lsb, 0, kU16}));
  settings.pulse_sigma =
      static_cast<uint16_t>(fixed_point(map["pulse_sigma_levels"], {256 * lsb, 0, kU16}));
}

void read_offsets(const YamlValue& value, EffectsPlan& plan) {
  const YamlMap map =
      value.map({"kind", "sigma_levels", "lsb_exp"}, {"limit_sigmas", "write_verify"});
  models::GeneratorSettings& settings = plan.generator;
  const auto lsb_exp = static_cast<int>(map["lsb_exp"].integer(8, 18));
  plan.lsb_exp = lsb_exp;
  const std::string kind = map["kind"].choice({"gaussian", "truncated", "right-censored"});
  settings.kind = kind == "gaussian"    ? models::OffsetShape::kGaussian
                  : kind == "truncated" ? models::OffsetShape::kTruncated
                                        : models::OffsetShape::kRightCensored;
  if ((kind != "gaussian") != map.has("limit_sigmas")) {
    value.fail(kind == "gaussian" ? "limit_sigmas belongs to truncated and right-censored"
                                  : fmt::format("missing key 'limit_sigmas': where {} ends", kind));
  }
  if (map.has("limit_sigmas"))
    settings.limit = static_cast<int>(fixed_point(map["limit_sigmas"], {256, 128, 4095}));
  const std::vector<YamlValue> sigma = four(map["sigma_levels"]);
  for (size_t level = 0; level < sigma.size(); ++level) {
    settings.sigma[level] =
        static_cast<uint16_t>(fixed_point(sigma[level], {256 * std::ldexp(1.0, lsb_exp), 0, kU16}));
  }
  if (map.has("write_verify")) read_write_verify(map["write_verify"], lsb_exp, settings);
}

void read_drift(const YamlValue& value, models::EffectSettings& settings) {
  const YamlMap map = value.map({}, {"loss", "nu", "time_ratio"});
  settings.drift = true;
  if (first_of(map, {"loss"}, {"nu", "time_ratio"})) {
    const std::vector<YamlValue> loss = four(map["loss"]);
    for (size_t level = 0; level < loss.size(); ++level)
      settings.drift_loss[level] =
          static_cast<uint16_t>(fixed_point(loss[level], {kShare, 0, kU16}));
    return;
  }
  const double ratio = map["time_ratio"].number(1, 1e18);
  const std::vector<YamlValue> nu = four(map["nu"]);
  for (size_t level = 0; level < nu.size(); ++level) {
    settings.drift_loss[level] = models::drift_loss(nu[level].number(0, 1), ratio);
  }
}

void read_noise(const YamlValue& value, models::EffectSettings& settings) {
  const YamlMap map = value.map({"draw", "sigma_levels", "slope_levels", "seed"});
  settings.noise = map["draw"].choice({"cell", "column"}) == "cell" ? models::ReadNoise::kCell
                                                                    : models::ReadNoise::kColumn;
  constexpr double kVariance = kLevel * kLevel * 256;  // steps of a squared level
  const double sigma =
      map["sigma_levels"].number(0, std::sqrt(static_cast<double>(kU24) / kVariance));
  settings.noise_cell = static_cast<uint32_t>(std::llround(sigma * sigma * kVariance));
  if (settings.noise_cell == 0 && sigma != 0) {
    map["sigma_levels"].fail(fmt::format("{:g} is below the tile's smallest noise, {:g}", sigma,
                                         std::sqrt(1 / kVariance)));
  }
  settings.noise_slope =
      static_cast<uint32_t>(fixed_point(map["slope_levels"], {kLevel * kShare, 0, kU24}));
  settings.noise_seed =
      static_cast<uint64_t>(map["seed"].integer(0, std::numeric_limits<int64_t>::max()));
}

void read_stuck(const YamlValue& value, const std::filesystem::path& folder,
                const models::TileGeometry& geometry, EffectsPlan& plan) {
  const YamlMap map = value.map({}, {"map", "off_rate", "on_rate"});
  plan.settings.stuck = true;
  if (first_of(map, {"map"}, {"off_rate", "on_rate"})) {
    const std::filesystem::path file = folder / map["map"].text();
    plan.stuck_map = load_npy<uint8_t>(file, {geometry.banks, geometry.rows, geometry.cols}).values;
    const auto illegal = std::find_if(plan.stuck_map.begin(), plan.stuck_map.end(),
                                      [](uint8_t state) { return state > 2; });
    if (illegal == plan.stuck_map.end()) return;
    throw Error(ErrorKind::kData,
                fmt::format("{}: entry {} is {}; legal is 0 free, 1 off, 2 on", file.string(),
                            illegal - plan.stuck_map.begin(), *illegal));
  }
  const int64_t off = fixed_point(map["off_rate"], {kShare, 0, kU16});
  const int64_t on = fixed_point(map["on_rate"], {kShare, 0, kU16});
  if (off + on > kU16) map.self().fail("off_rate and on_rate together must be below 1");
  plan.generator.off_rate = static_cast<uint16_t>(off);
  plan.generator.on_rate = static_cast<uint16_t>(on);
}

/// What a wire that takes an equal share at every cell leaves out: entry i is i shares.
std::vector<uint16_t> wire(const YamlValue& value, int cells) {
  const double share =
      value.number(0, static_cast<double>(kMostLoss) / kShare / std::max(1, cells - 1));
  std::vector<uint16_t> loss;
  loss.reserve(static_cast<size_t>(cells));
  for (int i = 0; i < cells; ++i)
    loss.push_back(static_cast<uint16_t>(std::llround(i * share * kShare)));
  if (share > 0 && loss.back() == 0)
    value.fail(fmt::format("{:g} makes less than a step of 2^-16 over {} cells", share, cells));
  return loss;
}

void read_attenuation(const YamlValue& value, const std::filesystem::path& folder,
                      const models::TileGeometry& geometry, models::EffectSettings& settings) {
  const YamlMap map =
      value.map({}, {"rows", "columns", "wire_share_per_row", "wire_share_per_column"});
  settings.attenuation = true;
  const FieldScale loss{kShare, 0, kMostLoss};
  if (first_of(map, {"rows", "columns"}, {"wire_share_per_row", "wire_share_per_column"})) {
    settings.row_loss =
        narrow<uint16_t>(load_table(folder / map["rows"].text(), {geometry.rows}, loss));
    settings.col_loss =
        narrow<uint16_t>(load_table(folder / map["columns"].text(), {geometry.cols}, loss));
    return;
  }
  settings.row_loss = wire(map["wire_share_per_row"], geometry.rows);
  settings.col_loss = wire(map["wire_share_per_column"], geometry.cols);
}

void read_adc(const YamlValue& value, const std::filesystem::path& folder, int cols,
              EffectsPlan& plan) {
  const YamlMap map = value.map({}, {"offset_levels", "gain_share", "inl_codes"});
  models::EffectSettings& settings = plan.settings;
  if (map.has("offset_levels")) {
    plan.adc_offset = narrow<int16_t>(read_table(map["offset_levels"], folder, {cols},
                                                 all_of<int16_t>(kLevel), TableDraw::kAdcOffset));
  }
  if (map.has("gain_share")) {
    settings.adc_gain = true;
    settings.adc_gain_error = narrow<int16_t>(read_table(
        map["gain_share"], folder, {cols}, all_of<int16_t>(kShare), TableDraw::kAdcGain));
  }
  if (map.has("inl_codes")) {
    settings.adc_inl = true;
    settings.adc_inl_steps = narrow<int8_t>(read_table(map["inl_codes"], folder, {cols, kSteps},
                                                       all_of<int8_t>(16), TableDraw::kAdcInl));
  }
}

void read_dac(const YamlValue& value, const std::filesystem::path& folder, int rows,
              models::EffectSettings& settings) {
  const YamlMap map = value.map({}, {"offset_lsb", "gain_share", "inl_lsb"});
  settings.dac = true;
  if (map.has("offset_lsb")) {
    settings.dac_offset = narrow<int8_t>(
        read_table(map["offset_lsb"], folder, {rows}, all_of<int8_t>(1), TableDraw::kDacOffset));
  }
  if (map.has("gain_share")) {
    settings.dac_gain = narrow<int8_t>(
        read_table(map["gain_share"], folder, {rows}, all_of<int8_t>(256), TableDraw::kDacGain));
  }
  if (map.has("inl_lsb")) {
    settings.dac_inl = narrow<int8_t>(
        read_table(map["inl_lsb"], folder, {rows, kSteps}, all_of<int8_t>(1), TableDraw::kDacInl));
  }
}

}  // namespace

EffectsPlan load_effects(const std::filesystem::path& file, const models::TileGeometry& geometry) {
  const YamlMap map =
      load_yaml(file, "crucible.effects/1", {},
                {"offsets", "drift", "stuck", "noise", "attenuation", "adc", "dac"});
  const std::filesystem::path folder = file.parent_path();
  EffectsPlan plan;
  plan.file = file;
  if (map.has("offsets")) read_offsets(map["offsets"], plan);
  if (map.has("drift")) read_drift(map["drift"], plan.settings);
  if (map.has("stuck")) read_stuck(map["stuck"], folder, geometry, plan);
  if (map.has("noise")) read_noise(map["noise"], plan.settings);
  if (map.has("attenuation")) read_attenuation(map["attenuation"], folder, geometry, plan.settings);
  if (map.has("adc")) read_adc(map["adc"], folder, geometry.cols, plan);
  if (map.has("dac")) read_dac(map["dac"], folder, geometry.rows, plan.settings);
  const bool stuck = map.has("stuck") && plan.stuck_map.empty();
  if (plan.lsb_exp && stuck)
    plan.generated = driver::Generated::kBoth;
  else if (plan.lsb_exp)
    plan.generated = driver::Generated::kOffsets;
  else if (stuck)
    plan.generated = driver::Generated::kStuck;
  return plan;
}

std::string describe_plan(const EffectsPlan& plan) {
  std::vector<std::string> parts;
  if (plan.makes_offsets()) {
    constexpr std::array<const char*, 3> kKinds{"Gaussian", "truncated", "right-censored"};
    parts.push_back(fmt::format("offsets from the seed ({}{})",
                                kKinds[static_cast<size_t>(plan.generator.kind)],
                                plan.generator.pulses > 0 ? ", write-verify" : ""));
  }
  const std::string rest = driver::describe_effects(plan.settings);
  if (!rest.empty()) parts.push_back(rest);
  if (!plan.adc_offset.empty()) parts.emplace_back("ADC offsets");
  return parts.empty() ? "nothing" : fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace crucible::experiment
