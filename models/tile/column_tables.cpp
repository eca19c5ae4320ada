// See column_tables.hpp.
#include "models/tile/column_tables.hpp"

#include <algorithm>

#include "models/tile/cell_steps.hpp"
#include "models/tile/tile_check.hpp"

namespace crucible::models {
namespace {

/// Below this many rows, groups of five save a table row per plane and the table still lies in the
/// first-level cache.
constexpr int kFewRows = 20;

}  // namespace

ColumnTables::ColumnTables(const Conductances& conductances, const TileSettings& settings)
    : clamps_(conductances.clamps) {
  view_.rows = conductances.rows;
  view_.words = (view_.rows + 63) / 64;
  view_.group_rows = view_.rows <= kFewRows ? 5 : 4;
  view_.groups = (view_.rows + view_.group_rows - 1) / view_.group_rows;
  view_.blocks = (conductances.cols + kLanes - 1) / kLanes;
  view_.outputs = conductances.cols / 4;
  view_.shift = settings.adc.shift;
  view_.max_code = (1 << settings.adc.bits) - 1;
  fill_table(conductances);
  fill_adc(conductances.cols, settings);
}

int64_t ColumnTables::largest_sum(const ColumnKernels& kernels, std::span<const uint8_t> x,
                                  int count) const {
  check_product(x.size(), static_cast<size_t>(count) * view_.outputs, view_.rows, 4 * view_.outputs,
                count);
  return kernels.largest_sum(view_, x.data(), count);
}

void ColumnTables::count(int vectors, TileCounters& counters) const {
  const auto n = static_cast<uint64_t>(vectors);
  counters.products += n;
  counters.clamps += n * clamps_;
  counters.reads += n * static_cast<uint64_t>(view_.rows);
}

void ColumnTables::fill_table(const Conductances& conductances) {
  const size_t blocks = view_.blocks;
  const size_t patterns = size_t{1} << view_.group_rows;
  table_.resize(view_.groups * patterns * blocks);
  std::vector<LaneBlock> row(blocks);
  for (int r = 0; r < view_.rows; ++r) {
    const int32_t* values = conductances.row(r);
    for (int c = 0; c < conductances.cols; ++c) row[c / kLanes].lane[c % kLanes] = values[c];
    // Patterns whose highest bit is this row: the pattern without it, plus this row.
    LaneBlock* group = table_.data() + (r / view_.group_rows) * patterns * blocks;
    const size_t bit = size_t{1} << (r % view_.group_rows);
    for (size_t i = 0; i < bit * blocks; ++i) {
      const LaneBlock& lower = group[i];
      LaneBlock& upper = group[bit * blocks + i];
      const LaneBlock& added = row[i % blocks];
      for (int k = 0; k < kLanes; ++k) upper.lane[k] = lower.lane[k] + added.lane[k];
    }
  }
  view_.table = table_.data();
}

void ColumnTables::fill_adc(int cols_used, const TileSettings& settings) {
  bias_.resize(view_.blocks);
  zero_code_.resize(view_.blocks);
  zero_result_.resize(view_.outputs);
  const int32_t half = view_.shift > 0 ? 1 << (view_.shift - 1) : 0;
  for (int c = 0; c < cols_used; ++c) {
    const int32_t adc_off = settings.adc_offset.empty() ? 0 : settings.adc_offset[c];
    const int32_t bias = adc_off * (1 << (settings.lsb_exp - 8)) + half;
    const int32_t code = std::clamp(bias >> view_.shift, 0, view_.max_code);
    bias_[c / kLanes].lane[c % kLanes] = bias;
    zero_code_[c / kLanes].lane[c % kLanes] = code;
    if (code != bias >> view_.shift) ++view_.zero_saturations;
    const int32_t all_planes = code * ((1 << kPlanes) - 1);
    const int32_t weighted = c % 2 == 0 ? all_planes : 4 * all_planes;
    zero_result_[c / 4] += c % 4 < 2 ? weighted : -weighted;
  }
  view_.bias = bias_.data();
  view_.zero_code = zero_code_.data();
  view_.zero_result = zero_result_.data();
}

}  // namespace crucible::models
