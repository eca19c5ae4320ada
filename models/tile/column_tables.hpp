// Column sums by table. Rows are cut into groups of a few; for each group and each pattern of its
// input bits the sum of the conductances under that pattern is stored for all columns, so that one
// bit plane's column sums are one table row added per group. Exact for any offset, since the tables
// hold conductances at the full resolution, and for every effect that is constant for a chip.
#pragma once

#include <cstdint>
#include <vector>

#include "models/tile/tile_twin.hpp"

namespace crucible::models {

inline constexpr int kLanes = 16;  ///< columns are padded to whole blocks of this many
inline constexpr int kPlanes = 8;

/// One block of columns, aligned to a cache line.
struct alignas(64) LaneBlock {
  int32_t lane[kLanes];
};

/// Rows whose bit is set, by plane.
struct PlaneOnes {
  int32_t count[kPlanes];
};

struct Conductances;

/// What a kernel sees: plain pointers and numbers, so that files compiled for wider instructions
/// share no templates.
struct ColumnView {
  const LaneBlock* table = nullptr;  ///< [groups][1 << group_rows][blocks]
  const LaneBlock* bias = nullptr;   ///< [blocks]: (adc_off << (lsb_exp - 8)) + half; 0 in padding
  const LaneBlock* zero_code = nullptr;  ///< [blocks]: code of a column sum of 0
  const int64_t* zero_result = nullptr;  ///< [outputs]: result of an all-zero vector
  uint64_t zero_saturations = 0;  ///< saturations of one bit plane without any bit, all columns
  int rows = 0;
  int words = 0;  ///< 64-row words of a bit plane, ceil(rows / 64)
  int groups = 0;
  int group_rows = 0;  ///< 4, or 5 where all rows fit one word
  int blocks = 0;
  int outputs = 0;
  int shift = 0;
  int32_t max_code = 0;
};

/// Multiplies `count` vectors; returns the number of saturated conversions. x: [count][rows], out:
/// [count][outputs].
using MultiplyKernel = uint64_t (*)(const ColumnView& view, const uint8_t* x, int count,
                                    int64_t* out);
/// Largest column sum of `count` vectors.
using LargestSumKernel = int32_t (*)(const ColumnView& view, const uint8_t* x, int count);

/// Column sums of one vector, [planes][blocks], and how many rows each plane has.
using ColumnSumsKernel = void (*)(const ColumnView& view, const uint8_t* x, LaneBlock* sums,
                                  PlaneOnes& ones);

struct ColumnKernels {
  MultiplyKernel multiply = nullptr;
  LargestSumKernel largest_sum = nullptr;
  ColumnSumsKernel column_sums = nullptr;
};
[[nodiscard]] ColumnKernels portable_kernels();
[[nodiscard]] ColumnKernels avx2_kernels();    ///< empty where the build has no x86 vectors
[[nodiscard]] ColumnKernels avx512_kernels();  ///< 〃

/// Owns the tables of one bank.
class ColumnTables {
 public:
  ColumnTables(const Conductances& conductances, const TileSettings& settings);
  [[nodiscard]] const ColumnView& view() const { return view_; }
  /// Throws crucible::Error(kInternal) where x does not have the size that count asks for.
  [[nodiscard]] int64_t largest_sum(const ColumnKernels& kernels, std::span<const uint8_t> x,
                                    int count) const;
  /// Counts `vectors` but for their saturations.
  void count(int vectors, TileCounters& counters) const;

 private:
  void fill_table(const Conductances& conductances);
  void fill_adc(int cols_used, const TileSettings& settings);

  uint64_t clamps_;  ///< of one vector
  std::vector<LaneBlock> table_;
  std::vector<LaneBlock> bias_;
  std::vector<LaneBlock> zero_code_;
  std::vector<int64_t> zero_result_;
  ColumnView view_;
};

}  // namespace crucible::models
