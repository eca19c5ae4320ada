// Interval product of one layer: from intervals of the inputs to intervals of the accumulators over
// every chip of the box. Integers throughout. See docs/certify.md, "The transparent ADC" and "The
// quantising ADC".
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "host/certify/cell_box.hpp"
#include "models/network/compiled_network.hpp"

namespace crucible::certify {

/// Closed intervals of 64-bit integers, ends in arrays of their own.
struct Intervals {
  std::vector<int64_t> low, high;
  void resize(size_t size) {
    low.resize(size);
    high.resize(size);
  }
};

/// ADC conversions of known inputs: how many the box cannot change.
struct ConversionCount {
  uint64_t conversions = 0;
  uint64_t fixed = 0;  ///< whose code no chip of the box changes
  ConversionCount& operator+=(const ConversionCount& other) {
    conversions += other.conversions;
    fixed += other.fixed;
    return *this;
  }
};

/// Accumulators of one input vector, [outputs] each.
struct ProductBounds {
  Intervals acc;    ///< sum over row blocks of R, in the layer's unit (no bias)
  Intervals error;  ///< quantising: acc * 2^shift minus the exact sum of x * G, in 2^-lsb_exp
  void resize(size_t size) {
    acc.resize(size);
    error.resize(size);
  }
};

/// Buffers of one thread.
struct ProductScratch {
  std::vector<int32_t> plane_low, plane_high;  ///< [8][column_stride]
  std::vector<int32_t> code_low, code_high;    ///< [column_stride]
  std::vector<int64_t> error_low, error_high;  ///< 〃
  std::vector<int64_t> sum_low, sum_high;      ///< [output_stride]
};

class LayerProduct {
 public:
  LayerProduct(const models::CompiledLayer& layer, LayerBox box);

  /// x_low <= x <= x_high, [fan_in] each. Overwrites `out` from output index `at` on.
  void multiply(const uint8_t* x_low, const uint8_t* x_high, ProductScratch& scratch,
                ProductBounds& out, size_t at, ConversionCount* count = nullptr) const;

  /// Lower bounds of acc[label] - acc[o] for every output o, given the bounds that multiply() found
  /// for these inputs: the weights of two outputs are different cells, their inputs are the same.
  [[nodiscard]] std::vector<int64_t> margins(int label, std::span<const uint8_t> x_low,
                                             std::span<const uint8_t> x_high,
                                             const ProductBounds& bounds) const;

  [[nodiscard]] const LayerBox& box() const { return box_; }
  [[nodiscard]] bool transparent() const { return adc_.transparent; }
  [[nodiscard]] const models::AdcSettings& adc() const { return adc_; }

 private:
  /// Sum of x * weight over some rows. One product fits 32 bits: 255 * (15 * 2^18 + 10 * 127) <
  /// 2^31.
  void weighted_sums(const RowBlock& rows, const uint8_t* x_low, const uint8_t* x_high,
                     int64_t* low, int64_t* high) const;
  void plane_sums(const RowBlock& rows, const uint8_t* x_low, const uint8_t* x_high,
                  ProductScratch& scratch) const;
  void convert(ProductScratch& scratch, ConversionCount* count) const;
  void add_block(const ProductScratch& scratch, ProductBounds& out, size_t at) const;

  LayerBox box_;
  models::AdcSettings adc_;
  std::vector<int64_t> adc_constant_;  ///< [outputs]: what the ADC's offsets add to a sum of x * G
};

}  // namespace crucible::certify
