// Numbers of an effects file as the fields of a tile: fixed point, rounded, within their range.
#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <vector>

#include "host/experiment/yaml_reader.hpp"

namespace crucible::experiment {

/// A field that holds lowest .. highest steps, `scale` of them in a unit of the file.
struct FieldScale {
  double scale = 1;
  int64_t lowest = 0, highest = 0;
};

template <typename Raw>
[[nodiscard]] FieldScale all_of(double scale) {
  return {scale, std::numeric_limits<Raw>::min(), std::numeric_limits<Raw>::max()};
}

/// Rounded to the nearest step. Fails at the value's place where the field cannot hold it, or where
/// a number other than 0 would become 0.
[[nodiscard]] int64_t fixed_point(const YamlValue& value, const FieldScale& field);

/// Four numbers, one for each level.
[[nodiscard]] std::vector<YamlValue> four(const YamlValue& value);

/// What tells the draws of one table from those of another with the same seed.
enum class TableDraw : uint32_t {
  kAdcOffset = 1,
  kAdcGain,
  kAdcInl,
  kDacOffset,
  kDacGain,
  kDacInl
};

/// A table of `shape`: {table: FILE.npy} (float64), or {sigma: X, seed: N}: Gaussian draws, each a
/// function of seed, table and place. `folder`: of the effects file.
[[nodiscard]] std::vector<int64_t> read_table(const YamlValue& value,
                                              const std::filesystem::path& folder,
                                              const std::vector<int64_t>& shape,
                                              const FieldScale& field, TableDraw draw);
/// float64 numbers of a file.
[[nodiscard]] std::vector<int64_t> load_table(const std::filesystem::path& file,
                                              const std::vector<int64_t>& shape,
                                              const FieldScale& field);

}  // namespace crucible::experiment
