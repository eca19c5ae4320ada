// AVX2: sixteen lanes are two registers.
#include "models/tile/column_kernel.hpp"

#ifdef __AVX2__
#include <immintrin.h>
#endif

namespace crucible::models {

#ifdef __AVX2__
namespace {

struct Avx2 {
  static constexpr int kMaxBlocks = 2;
  struct Vec {
    __m256i low, high;
  };

  static Vec zero() { return {_mm256_setzero_si256(), _mm256_setzero_si256()}; }
  static Vec load(const LaneBlock& block) {
    const auto* lanes = reinterpret_cast<const __m256i*>(block.lane);
    return {_mm256_load_si256(lanes), _mm256_load_si256(lanes + 1)};
  }
  static void store(LaneBlock& block, const Vec& v) {
    auto* lanes = reinterpret_cast<__m256i*>(block.lane);
    _mm256_store_si256(lanes, v.low);
    _mm256_store_si256(lanes + 1, v.high);
  }
  static Vec add(const Vec& a, const Vec& b) {
    return {_mm256_add_epi32(a.low, b.low), _mm256_add_epi32(a.high, b.high)};
  }
  static Vec max(const Vec& a, const Vec& b) {
    return {_mm256_max_epi32(a.low, b.low), _mm256_max_epi32(a.high, b.high)};
  }
  static Vec convert(const Vec& sum, int shift, int32_t max_code, Vec& saturated) {
    return {convert_half(sum.low, shift, max_code, saturated.low),
            convert_half(sum.high, shift, max_code, saturated.high)};
  }
  static __m256i convert_half(__m256i sum, int shift, int32_t max_code, __m256i& saturated) {
    const __m256i unclamped = _mm256_sra_epi32(sum, _mm_cvtsi32_si128(shift));
    const __m256i code = _mm256_min_epi32(_mm256_max_epi32(unclamped, _mm256_setzero_si256()),
                                          _mm256_set1_epi32(max_code));
    const __m256i kept = _mm256_cmpeq_epi32(code, unclamped);  // -1 where nothing was cut off
    saturated = _mm256_add_epi32(saturated, _mm256_add_epi32(kept, _mm256_set1_epi32(1)));
    return code;
  }

  template <class Words>
  static uint32_t planes(const uint8_t* x, int rows, int words, Words& planes) {
    uint32_t used = 0;
    for (int w = 0; w < words; ++w) {
      const int left = rows - 64 * w;
      const __m256i low = load_bytes(x + 64 * w, left);
      const __m256i high =
          left > 32 ? load_bytes(x + 64 * w + 32, left - 32) : _mm256_setzero_si256();
      for (int p = 0; p < kPlanes; ++p) {
        // The bit goes to the top of its byte; bits that cross from byte to byte stay below it.
        const __m128i by = _mm_cvtsi32_si128(7 - p);
        const auto first = static_cast<uint32_t>(_mm256_movemask_epi8(_mm256_sll_epi16(low, by)));
        const auto second = static_cast<uint32_t>(_mm256_movemask_epi8(_mm256_sll_epi16(high, by)));
        planes[p][w] = first | uint64_t{second} << 32;
        if (planes[p][w] != 0) used |= 1u << p;
      }
    }
    return used;
  }

  /// 32 bytes, zeros from `left` on, nothing read behind the end.
  static __m256i load_bytes(const uint8_t* x, int left) {
    if (left >= 32) return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(x));
    alignas(32) uint8_t bytes[32] = {};
    for (int i = 0; i < left; ++i) bytes[i] = x[i];
    return _mm256_load_si256(reinterpret_cast<const __m256i*>(bytes));
  }
};

}  // namespace

ColumnKernels avx2_kernels() {
  return {ColumnKernel<Avx2>::multiply, ColumnKernel<Avx2>::largest_sum,
          ColumnKernel<Avx2>::column_sums};
}
#else
ColumnKernels avx2_kernels() { return {}; }
#endif

}  // namespace crucible::models
