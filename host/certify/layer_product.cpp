// See layer_product.hpp.
#include "host/certify/layer_product.hpp"

#include <algorithm>

namespace crucible::certify {
namespace {

constexpr int kPlanes = 8;

/// Bits up to and including the highest one set: those of two inputs' difference that their common
/// prefix does not fix.
uint8_t spread(uint8_t difference) {
  uint8_t bits = difference;
  bits |= bits >> 1;
  bits |= bits >> 2;
  bits |= bits >> 4;
  return bits;
}

void add(int32_t* __restrict sum, const int32_t* __restrict row, int stride) {
  for (int c = 0; c < stride; ++c) sum[c] += row[c];
}

int64_t ceil_shift(int64_t value, int shift) { return -(-value >> shift); }

/// Constants of the quantising ADC.
struct Adc {
  int shift;
  int32_t half, top;
  explicit Adc(const models::AdcSettings& settings)
      : shift(settings.shift),
        half(settings.shift > 0 ? 1 << (settings.shift - 1) : 0),
        top((1 << settings.bits) - 1) {}
  [[nodiscard]] int32_t code(int32_t analog) const {
    return std::clamp((analog + half) >> shift, 0, top);
  }
};

}  // namespace

LayerProduct::LayerProduct(const models::CompiledLayer& layer, LayerBox box)
    : box_(std::move(box)), adc_(layer.adc), adc_constant_(box_.outputs) {
  for (int o = 0; o < box_.outputs; ++o) {
    const int32_t* offset = box_.adc_offset.data() + 4 * o;
    const int64_t difference =
        (int64_t{offset[0]} - offset[2]) + 4 * (int64_t{offset[1]} - offset[3]);
    adc_constant_[o] = difference * ((1 << kPlanes) - 1);
  }
}

void LayerProduct::weighted_sums(const RowBlock& rows, const uint8_t* x_low, const uint8_t* x_high,
                                 int64_t* low, int64_t* high) const {
  const int stride = box_.output_stride;
  for (int o = 0; o < stride; ++o) low[o] = high[o] = 0;
  for (int o = 0; o < box_.outputs; ++o) low[o] = high[o] = adc_constant_[o];
  for (int i = rows.first_input; i < rows.first_input + rows.inputs; ++i) {
    const int32_t a = x_low[i], b = x_high[i];
    if (b == 0) continue;
    const int32_t* __restrict weight_low = box_.weights_low(i);
    const int32_t* __restrict weight_high = box_.weights_high(i);
    if (a == b) {
      for (int o = 0; o < stride; ++o) {
        low[o] += a * weight_low[o];
        high[o] += a * weight_high[o];
      }
    } else {  // x >= 0: the least product has the least x under a positive weight
      for (int o = 0; o < stride; ++o) {
        low[o] += std::min(a * weight_low[o], b * weight_low[o]);
        high[o] += std::max(a * weight_high[o], b * weight_high[o]);
      }
    }
  }
}

void LayerProduct::plane_sums(const RowBlock& rows, const uint8_t* x_low, const uint8_t* x_high,
                              ProductScratch& scratch) const {
  const int stride = box_.column_stride;
  for (int p = 0; p < kPlanes; ++p) {
    std::copy_n(box_.adc_offset.data(), stride, scratch.plane_low.data() + p * stride);
    std::copy_n(box_.adc_offset.data(), stride, scratch.plane_high.data() + p * stride);
  }
  for (int i = rows.first_input; i < rows.first_input + rows.inputs; ++i) {
    if (x_high[i] == 0) continue;
    const auto unknown = spread(static_cast<uint8_t>(x_low[i] ^ x_high[i]));
    const size_t row = static_cast<size_t>(i) * stride;
    for (unsigned bits = x_low[i] & static_cast<uint8_t>(~unknown); bits != 0; bits &= bits - 1) {
      const int p = __builtin_ctz(bits);
      add(scratch.plane_low.data() + p * stride, box_.conductance_low.data() + row, stride);
    }
    for (unsigned bits = x_low[i] | unknown; bits != 0; bits &= bits - 1) {
      const int p = __builtin_ctz(bits);
      add(scratch.plane_high.data() + p * stride, box_.conductance_high.data() + row, stride);
    }
  }
}

/// Codes are monotone in the sum. The error code * 2^shift - A falls along a code and jumps from
/// 1 - half to half at a tie.
void LayerProduct::convert(ProductScratch& scratch, ConversionCount* count) const {
  const int stride = box_.column_stride;
  const Adc adc(adc_);
  const int32_t dip = adc.shift > 0 ? 1 - adc.half : 0;
  std::fill_n(scratch.code_low.data(), stride, 0);
  std::fill_n(scratch.code_high.data(), stride, 0);
  std::fill_n(scratch.error_low.data(), stride, 0);
  std::fill_n(scratch.error_high.data(), stride, 0);
  for (int p = 0; p < kPlanes; ++p) {
    const int32_t* __restrict low = scratch.plane_low.data() + p * stride;
    const int32_t* __restrict high = scratch.plane_high.data() + p * stride;
    int32_t* __restrict code_low = scratch.code_low.data();
    int32_t* __restrict code_high = scratch.code_high.data();
    int64_t* __restrict error_low = scratch.error_low.data();
    int64_t* __restrict error_high = scratch.error_high.data();
    for (int c = 0; c < stride; ++c) {
      const int32_t a = adc.code(low[c]), b = adc.code(high[c]);
      code_low[c] += a << p;
      code_high[c] += b << p;
      const int32_t error_a = (a << adc.shift) - low[c], error_b = (b << adc.shift) - high[c];
      const int32_t least = std::min(error_a, error_b), most = std::max(error_a, error_b);
      error_low[c] += static_cast<int64_t>(a == b ? least : std::min(least, dip)) << p;
      error_high[c] += static_cast<int64_t>(a == b ? most : std::max(most, adc.half)) << p;
    }
    if (count != nullptr) {
      for (int c = 0; c < 4 * box_.outputs; ++c) {
        count->fixed += adc.code(low[c]) == adc.code(high[c]) ? 1 : 0;
      }
      count->conversions += static_cast<uint64_t>(4) * box_.outputs;
    }
  }
}

void LayerProduct::add_block(const ProductScratch& scratch, ProductBounds& out, size_t at) const {
  const auto difference = [](const auto* plus, const auto* minus) {
    return (int64_t{plus[0]} + 4 * int64_t{plus[1]}) - (int64_t{minus[2]} + 4 * int64_t{minus[3]});
  };
  for (int o = 0; o < box_.outputs; ++o) {
    const int c = 4 * o;
    const int64_t error_low = difference(&scratch.error_low[c], &scratch.error_high[c]);
    const int64_t error_high = difference(&scratch.error_high[c], &scratch.error_low[c]);
    // Two sound bounds: by the codes of each plane, and by the exact sum with the ADC's error.
    const int64_t low = std::max(difference(&scratch.code_low[c], &scratch.code_high[c]),
                                 ceil_shift(scratch.sum_low[o] + error_low, adc_.shift));
    const int64_t high = std::min(difference(&scratch.code_high[c], &scratch.code_low[c]),
                                  (scratch.sum_high[o] + error_high) >> adc_.shift);
    out.acc.low[at + o] += low;
    out.acc.high[at + o] += high;
    out.error.low[at + o] += error_low;
    out.error.high[at + o] += error_high;
  }
}

void LayerProduct::multiply(const uint8_t* x_low, const uint8_t* x_high, ProductScratch& scratch,
                            ProductBounds& out, size_t at, ConversionCount* count) const {
  scratch.sum_low.resize(box_.output_stride);
  scratch.sum_high.resize(box_.output_stride);
  if (adc_.transparent) {
    weighted_sums({0, box_.fan_in}, x_low, x_high, scratch.sum_low.data(), scratch.sum_high.data());
    const auto blocks = static_cast<int64_t>(box_.blocks.size());
    for (int o = 0; o < box_.outputs; ++o) {  // the offsets of the ADCs act in every row block
      out.acc.low[at + o] = scratch.sum_low[o] + (blocks - 1) * adc_constant_[o];
      out.acc.high[at + o] = scratch.sum_high[o] + (blocks - 1) * adc_constant_[o];
    }
    return;
  }
  const size_t columns = box_.column_stride;
  scratch.plane_low.resize(kPlanes * columns);
  scratch.plane_high.resize(kPlanes * columns);
  scratch.code_low.resize(columns);
  scratch.code_high.resize(columns);
  scratch.error_low.resize(columns);
  scratch.error_high.resize(columns);
  for (Intervals* interval : {&out.acc, &out.error}) {
    std::fill_n(interval->low.begin() + static_cast<std::ptrdiff_t>(at), box_.outputs, 0);
    std::fill_n(interval->high.begin() + static_cast<std::ptrdiff_t>(at), box_.outputs, 0);
  }
  for (const RowBlock& rows : box_.blocks) {
    weighted_sums(rows, x_low, x_high, scratch.sum_low.data(), scratch.sum_high.data());
    plane_sums(rows, x_low, x_high, scratch);
    convert(scratch, count);
    add_block(scratch, out, at);
  }
}

std::vector<int64_t> LayerProduct::margins(int label, std::span<const uint8_t> x_low,
                                           std::span<const uint8_t> x_high,
                                           const ProductBounds& bounds) const {
  const auto blocks = static_cast<int64_t>(box_.blocks.size());
  std::vector<int64_t> margins(box_.outputs);
  for (int o = 0; o < box_.outputs; ++o) {
    int64_t least = blocks * (adc_constant_[label] - adc_constant_[o]);
    for (int i = 0; i < box_.fan_in; ++i) {
      const int64_t weight = int64_t{box_.weights_low(i)[label]} - box_.weights_high(i)[o];
      least += weight * (weight < 0 ? x_high[i] : x_low[i]);
    }
    if (!adc_.transparent) {
      least = ceil_shift(least + bounds.error.low[label] - bounds.error.high[o], adc_.shift);
      least = std::max(least, bounds.acc.low[label] - bounds.acc.high[o]);
    }
    margins[o] = o == label ? 0 : least;
  }
  return margins;
}

}  // namespace crucible::certify
