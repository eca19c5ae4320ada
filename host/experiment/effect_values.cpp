#include "host/experiment/effect_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <optional>

#include "host/experiment/npy.hpp"
#include "models/error.hpp"
#include "models/tile/tile_noise.hpp"

namespace crucible::experiment {
namespace {

/// The first number that the field cannot hold, or one that stands for all where every number
/// becomes 0 and not all are.
struct Misfit {
  size_t entry = 0;
  bool vanishes = false;
};

std::optional<Misfit> round_all(const std::vector<double>& numbers, const FieldScale& field,
                                std::vector<int64_t>& raw) {
  for (size_t i = 0; i < numbers.size(); ++i) {
    const double steps = numbers[i] * field.scale;
    const bool fits = steps >= static_cast<double>(field.lowest) - 0.5 &&
                      steps < static_cast<double>(field.highest) + 0.5;
    if (!fits) return Misfit{i, false};
    raw.push_back(
        std::clamp(static_cast<int64_t>(std::llround(steps)), field.lowest, field.highest));
  }
  if (std::any_of(raw.begin(), raw.end(), [](int64_t value) { return value != 0; })) return {};
  const auto some = std::find_if(numbers.begin(), numbers.end(), [](double n) { return n != 0; });
  if (some == numbers.end()) return {};
  return Misfit{static_cast<size_t>(some - numbers.begin()), true};
}

std::string describe(const Misfit& misfit, double number, const FieldScale& field) {
  if (misfit.vanishes) {
    return fmt::format("entry {} is {:g}, and every entry rounds to 0; the tile's step is {:g}",
                       misfit.entry, number, 1 / field.scale);
  }
  return fmt::format("entry {} is {:g}; the tile holds {:g} .. {:g}", misfit.entry, number,
                     static_cast<double>(field.lowest) / field.scale,
                     static_cast<double>(field.highest) / field.scale);
}

}  // namespace

int64_t fixed_point(const YamlValue& value, const FieldScale& field) {
  const double number = value.number(static_cast<double>(field.lowest) / field.scale,
                                     static_cast<double>(field.highest) / field.scale);
  const auto raw = static_cast<int64_t>(std::llround(number * field.scale));
  if (raw == 0 && number != 0) {
    value.fail(
        fmt::format("{:g} is less than half of the tile's step, {:g}; write 0 if none is "
                    "meant",
                    number, 1 / field.scale));
  }
  return raw;
}

std::vector<YamlValue> four(const YamlValue& value) {
  std::vector<YamlValue> values = value.list();
  if (values.size() != 4)
    value.fail(fmt::format("4 numbers are needed, one for each level; found {}", values.size()));
  return values;
}

std::vector<int64_t> load_table(const std::filesystem::path& file,
                                const std::vector<int64_t>& shape, const FieldScale& field) {
  const Array<double> table = load_npy<double>(file, shape);
  std::vector<int64_t> raw;
  if (const auto misfit = round_all(table.values, field, raw)) {
    throw Error(ErrorKind::kData,
                fmt::format("{}: {}", file.string(),
                            describe(*misfit, table.values[misfit->entry], field)));
  }
  return raw;
}

std::vector<int64_t> read_table(const YamlValue& value, const std::filesystem::path& folder,
                                const std::vector<int64_t>& shape, const FieldScale& field,
                                TableDraw draw) {
  const YamlMap map = value.map({}, {"table", "sigma", "seed"});
  if (map.has("table")) {
    if (map.has("sigma") || map.has("seed"))
      value.fail("give a table, or sigma and seed, but not both");
    return load_table(folder / map["table"].text(), shape, field);
  }
  if (!map.has("sigma") || !map.has("seed")) value.fail("give a table, or both sigma and seed");
  const double sigma = map["sigma"].number(0, static_cast<double>(field.highest) / field.scale);
  const auto seed =
      static_cast<uint64_t>(map["seed"].integer(0, std::numeric_limits<int64_t>::max()));
  const auto count = static_cast<size_t>(
      std::accumulate(shape.begin(), shape.end(), int64_t{1}, std::multiplies<>()));
  std::vector<double> numbers;
  for (uint32_t i = 0; i < count; ++i) {
    constexpr double kUnit = 4096;  // of a standard Gaussian
    const uint32_t bits =
        models::threefry({i, static_cast<uint32_t>(draw)},
                         {static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32)})[0];
    numbers.push_back(sigma * models::gauss(bits) / kUnit);
  }
  std::vector<int64_t> raw;
  if (const auto misfit = round_all(numbers, field, raw)) {
    value.fail(fmt::format("with this sigma and seed {}",
                           describe(*misfit, numbers[misfit->entry], field)));
  }
  return raw;
}

}  // namespace crucible::experiment
