// The kernel's loops, once for every instruction set. `Isa` brings a vector of 16 lanes and the bit
// planes of a vector:
//   Vec, kMaxBlocks (blocks of columns held in registers at a time), load, zero, add, max, store,
//   convert(sum, shift, max_code, saturated): the ADC on 16 sums, counting into `saturated`;
//   planes(x, rows, words, planes): bit r % 64 of planes[p][r / 64] is bit p of x[r]; returns the
//   planes that have a bit.
// Include only <cstdint> and this project's plain headers here: the code is compiled for wider
// instructions.
#pragma once

#include <cstdint>

#include "models/tile/column_tables.hpp"
#include "models/tile/tile_check.hpp"

namespace crucible::models {

template <class Isa>
class ColumnKernel {
 public:
  static uint64_t multiply(const ColumnView& view, const uint8_t* x, int count, int64_t* out) {
    uint64_t saturations = 0;
    Vec saturated = Isa::zero();
    for (int k = 0; k < count; ++k, x += view.rows, out += view.outputs) {
      Planes planes;
      const uint32_t used = Isa::planes(x, view.rows, view.words, planes.words);
      saturations +=
          static_cast<uint64_t>(kPlanes - __builtin_popcount(used)) * view.zero_saturations;
      if (used == 0) {
        for (int o = 0; o < view.outputs; ++o) out[o] = view.zero_result[o];
        continue;
      }
      for (int block = 0; block < view.blocks; block += Isa::kMaxBlocks) {
        dispatch<Convert>(view, planes, used, block, saturated, out);
      }
    }
    LaneBlock counted;
    Isa::store(counted, saturated);
    for (const int32_t lane : counted.lane) saturations += static_cast<uint32_t>(lane);
    return saturations;
  }

  static void column_sums(const ColumnView& view, const uint8_t* x, LaneBlock* sums,
                          PlaneOnes& ones) {
    Planes planes;
    const uint32_t used = Isa::planes(x, view.rows, view.words, planes.words);
    for (int p = 0; p < kPlanes; ++p) {
      ones.count[p] = 0;
      for (int w = 0; w < view.words; ++w) {
        ones.count[p] += __builtin_popcountll(planes.words[p][w]);
      }
    }
    Vec unused = Isa::zero();
    for (int block = 0; block < view.blocks; block += Isa::kMaxBlocks) {
      dispatch<Sums>(view, planes, used, block, unused, sums);
    }
  }

  static int32_t largest_sum(const ColumnView& view, const uint8_t* x, int count) {
    Vec largest = Isa::zero();
    for (int k = 0; k < count; ++k, x += view.rows) {
      Planes planes;
      const uint32_t used = Isa::planes(x, view.rows, view.words, planes.words);
      for (int block = 0; block < view.blocks; block += Isa::kMaxBlocks) {
        dispatch<Largest>(view, planes, used, block, largest, static_cast<int64_t*>(nullptr));
      }
    }
    LaneBlock lanes;
    Isa::store(lanes, largest);
    int32_t best = 0;
    for (const int32_t lane : lanes.lane) best = lane > best ? lane : best;
    return best;
  }

 private:
  using Vec = typename Isa::Vec;
  struct Planes {
    uint64_t words[kPlanes][kMaxRows / 64];
  };

  /// Adds the table rows that one bit plane selects to `sums`, for kBlocks blocks of columns.
  template <int kBlocks, int kGroupRows>
  static inline void add_rows(const ColumnView& view, const uint64_t* plane, int first_block,
                              Vec (&sums)[kBlocks]) {
    constexpr uint64_t kPatterns = uint64_t{1} << kGroupRows;
    constexpr int kGroupsPerWord = 64 / kGroupRows;
    const size_t stride = static_cast<size_t>(view.blocks);
    const LaneBlock* group = view.table + first_block;
    for (int left = view.groups; left > 0; left -= kGroupsPerWord) {
      uint64_t bits = *plane++;
      const int groups = left < kGroupsPerWord ? left : kGroupsPerWord;
      for (int g = 0; g < groups; ++g) {
        const LaneBlock* row = group + (bits & (kPatterns - 1)) * stride;
        for (int i = 0; i < kBlocks; ++i) sums[i] = Isa::add(sums[i], Isa::load(row[i]));
        bits >>= kGroupRows;
        group += kPatterns * stride;
      }
    }
  }

  /// All planes, ADC, shift-and-add, difference of the polarities.
  struct Convert {
    template <int kBlocks, int kGroupRows>
    static void run(const ColumnView& view, const Planes& planes, uint32_t used, int first_block,
                    Vec& saturated, int64_t* out) {
      Vec total[kBlocks];
      for (int i = 0; i < kBlocks; ++i) total[i] = Isa::zero();
      for (int p = kPlanes - 1; p >= 0; --p) {
        for (int i = 0; i < kBlocks; ++i) total[i] = Isa::add(total[i], total[i]);
        if ((used >> p & 1) == 0) {
          for (int i = 0; i < kBlocks; ++i) {
            total[i] = Isa::add(total[i], Isa::load(view.zero_code[first_block + i]));
          }
          continue;
        }
        Vec sums[kBlocks];
        for (int i = 0; i < kBlocks; ++i) sums[i] = Isa::load(view.bias[first_block + i]);
        add_rows<kBlocks, kGroupRows>(view, planes.words[p], first_block, sums);
        for (int i = 0; i < kBlocks; ++i) {
          total[i] =
              Isa::add(total[i], Isa::convert(sums[i], view.shift, view.max_code, saturated));
        }
      }
      LaneBlock lanes[kBlocks];
      for (int i = 0; i < kBlocks; ++i) Isa::store(lanes[i], total[i]);
      const int32_t* lane = lanes[0].lane;
      const int first = first_block * (kLanes / 4);
      const int end = first + kBlocks * (kLanes / 4) < view.outputs ? first + kBlocks * (kLanes / 4)
                                                                    : view.outputs;
      for (int o = first; o < end; ++o, lane += 4) {
        out[o] = (lane[0] - lane[2]) + 4 * (lane[1] - lane[3]);
      }
    }
  };

  /// Column sums alone, [planes][blocks].
  struct Sums {
    template <int kBlocks, int kGroupRows>
    static void run(const ColumnView& view, const Planes& planes, uint32_t used, int first_block,
                    Vec& /*state*/, LaneBlock* out) {
      out += first_block;
      for (int p = 0; p < kPlanes; ++p, out += view.blocks) {
        Vec sums[kBlocks];
        for (int i = 0; i < kBlocks; ++i) sums[i] = Isa::zero();
        if ((used >> p & 1) != 0) {
          add_rows<kBlocks, kGroupRows>(view, planes.words[p], first_block, sums);
        }
        for (int i = 0; i < kBlocks; ++i) Isa::store(out[i], sums[i]);
      }
    }
  };

  /// Column sums alone, for their maximum.
  struct Largest {
    template <int kBlocks, int kGroupRows>
    static void run(const ColumnView& view, const Planes& planes, uint32_t used, int first_block,
                    Vec& largest, int64_t* /*out*/) {
      for (int p = 0; p < kPlanes; ++p) {
        if ((used >> p & 1) == 0) continue;
        Vec sums[kBlocks];
        for (int i = 0; i < kBlocks; ++i) sums[i] = Isa::zero();
        add_rows<kBlocks, kGroupRows>(view, planes.words[p], first_block, sums);
        for (int i = 0; i < kBlocks; ++i) largest = Isa::max(largest, sums[i]);
      }
    }
  };

  /// Picks the code for the number of blocks left and the group size.
  template <class Action, class Out>
  static inline void dispatch(const ColumnView& view, const Planes& planes, uint32_t used,
                              int first_block, Vec& state, Out* out) {
    const auto with_blocks = [&]<int kBlocks>() {
      if (view.group_rows == 4) {
        Action::template run<kBlocks, 4>(view, planes, used, first_block, state, out);
      } else {
        Action::template run<kBlocks, 5>(view, planes, used, first_block, state, out);
      }
    };
    const int left = view.blocks - first_block;
    if constexpr (Isa::kMaxBlocks >= 4) {
      if (left >= 4) return with_blocks.template operator()<4>();
      if (left == 3) return with_blocks.template operator()<3>();
    }
    if constexpr (Isa::kMaxBlocks >= 2) {
      if (left >= 2) return with_blocks.template operator()<2>();
    }
    with_blocks.template operator()<1>();
  }
};

}  // namespace crucible::models
