// AVX-512 (F and BW): sixteen lanes are one register, 64 rows of a bit plane are one mask.
#include "models/tile/column_kernel.hpp"

#ifdef __AVX512BW__
#include <immintrin.h>
#endif

namespace crucible::models {

#ifdef __AVX512BW__
namespace {

struct Avx512 {
  static constexpr int kMaxBlocks = 4;
  struct Vec {
    __m512i v;
  };

  static Vec zero() { return {_mm512_setzero_si512()}; }
  static Vec load(const LaneBlock& block) { return {_mm512_load_si512(block.lane)}; }
  static void store(LaneBlock& block, const Vec& a) { _mm512_store_si512(block.lane, a.v); }
  static Vec add(const Vec& a, const Vec& b) { return {_mm512_add_epi32(a.v, b.v)}; }
  static Vec max(const Vec& a, const Vec& b) { return {_mm512_max_epi32(a.v, b.v)}; }
  static Vec convert(const Vec& sum, int shift, int32_t max_code, Vec& saturated) {
    const __m512i largest = _mm512_set1_epi32(max_code);
    const __m512i unclamped = _mm512_sra_epi32(sum.v, _mm_cvtsi32_si128(shift));
    // As unsigned numbers, negative ones lie above every code too.
    const __mmask16 cut = _mm512_cmpgt_epu32_mask(unclamped, largest);
    saturated.v = _mm512_mask_sub_epi32(saturated.v, cut, saturated.v, _mm512_set1_epi32(-1));
    return {_mm512_min_epi32(_mm512_max_epi32(unclamped, _mm512_setzero_si512()), largest)};
  }

  template <class Words>
  static uint32_t planes(const uint8_t* x, int rows, int words, Words& planes) {
    uint32_t used = 0;
    for (int w = 0; w < words; ++w) {
      const int left = rows - 64 * w;
      const __mmask64 there = left >= 64 ? ~__mmask64{0} : (__mmask64{1} << left) - 1;
      const __m512i bytes = _mm512_maskz_loadu_epi8(there, x + 64 * w);
      for (int p = 0; p < kPlanes; ++p) {
        planes[p][w] = _mm512_test_epi8_mask(bytes, _mm512_set1_epi8(static_cast<char>(1 << p)));
        if (planes[p][w] != 0) used |= 1u << p;
      }
    }
    return used;
  }
};

}  // namespace

ColumnKernels avx512_kernels() {
  return {ColumnKernel<Avx512>::multiply, ColumnKernel<Avx512>::largest_sum,
          ColumnKernel<Avx512>::column_sums};
}
#else
ColumnKernels avx512_kernels() { return {}; }
#endif

}  // namespace crucible::models
