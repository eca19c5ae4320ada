// What every machine has: the compilers' generic vectors.
#include "models/tile/column_kernel.hpp"

namespace crucible::models {
namespace {

/// Four lanes as a generic vector: the compiler lowers it to what the target has, plain integers at
/// worst.
using Quad = int32_t __attribute__((vector_size(16)));
constexpr int kQuads = kLanes / 4;

struct Portable {
  static constexpr int kMaxBlocks = 1;
  struct Vec {
    Quad quad[kQuads];
  };

  static Vec zero() { return Vec{}; }
  static Vec load(const LaneBlock& block) {
    Vec v;
    for (int k = 0; k < kQuads; ++k) v.quad[k] = reinterpret_cast<const Quad*>(block.lane)[k];
    return v;
  }
  static void store(LaneBlock& block, const Vec& v) {
    for (int k = 0; k < kQuads; ++k) reinterpret_cast<Quad*>(block.lane)[k] = v.quad[k];
  }
  static Vec add(Vec a, const Vec& b) {
    for (int k = 0; k < kQuads; ++k) a.quad[k] += b.quad[k];
    return a;
  }
  /// `a` where `choose_a` is -1, `b` where it is 0.
  static Quad select(Quad choose_a, Quad a, Quad b) { return (a & choose_a) | (b & ~choose_a); }
  static Vec max(Vec a, const Vec& b) {
    for (int k = 0; k < kQuads; ++k)
      a.quad[k] = select(a.quad[k] > b.quad[k], a.quad[k], b.quad[k]);
    return a;
  }
  static Vec convert(const Vec& sum, int shift, int32_t max_code, Vec& saturated) {
    Vec code;
    for (int k = 0; k < kQuads; ++k) {
      const Quad unclamped = sum.quad[k] >> shift;
      const Quad above = unclamped > max_code;
      const Quad below = unclamped < 0;
      code.quad[k] = select(above, Quad{} + max_code, unclamped) & ~below;
      saturated.quad[k] -= above | below;  // true is -1
    }
    return code;
  }

  /// Transposes 8 x 8 bits: byte p of the result holds bit p of the eight bytes, byte j in bit j
  /// (Hacker's Delight, 7-3).
  static uint64_t transpose(uint64_t m) {
    uint64_t t = (m ^ (m >> 7)) & 0x00AA00AA00AA00AAull;
    m ^= t ^ (t << 7);
    t = (m ^ (m >> 14)) & 0x0000CCCC0000CCCCull;
    m ^= t ^ (t << 14);
    t = (m ^ (m >> 28)) & 0x00000000F0F0F0F0ull;
    return m ^ t ^ (t << 28);
  }

  template <class Words>
  static uint32_t planes(const uint8_t* x, int rows, int words, Words& planes) {
    for (int p = 0; p < kPlanes; ++p) {
      for (int w = 0; w < words; ++w) planes[p][w] = 0;
    }
    uint64_t any = 0;
    for (int r = 0; r < rows; r += 8) {
      uint64_t bytes = 0;
      const int n = rows - r < 8 ? rows - r : 8;
      for (int j = 0; j < n; ++j) bytes |= uint64_t{x[r + j]} << (8 * j);
      any |= bytes;
      if (bytes == 0) continue;
      const uint64_t bits = transpose(bytes);
      for (int p = 0; p < kPlanes; ++p) planes[p][r / 64] |= (bits >> (8 * p) & 0xFF) << (r % 64);
    }
    any |= any >> 32;
    any |= any >> 16;
    any |= any >> 8;
    return any & 0xFF;
  }
};

}  // namespace

ColumnKernels portable_kernels() {
  return {ColumnKernel<Portable>::multiply, ColumnKernel<Portable>::largest_sum,
          ColumnKernel<Portable>::column_sums};
}

}  // namespace crucible::models
