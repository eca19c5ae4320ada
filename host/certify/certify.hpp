// Certified accuracy: the share of images that every chip of a box classifies right. A lower bound
// on the accuracy of the worst chip. See docs/certify.md.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "host/certify/cell_box.hpp"
#include "host/certify/layer_product.hpp"

namespace crucible::certify {

struct CertifySettings {
  LayerMask layers{};  ///< which layers vary; empty: all of them
  bool relax = true;   ///< linear relaxation where intervals do not suffice (transparent ADC)
  int threads = 0;     ///< 0: the machine's; the result does not depend on it
};

struct CertifyResult {
  int clean = 0;      ///< images that the chip without any deviation classifies right
  int certified = 0;  ///< images that every chip of the box classifies right
  std::vector<bool> image_certified;  ///< [images]
  /// Quantising ADC: conversions of the first layer, if it varies, on the images that are right
  /// without deviation.
  ConversionCount first_layer;
  [[nodiscard]] int images() const { return static_cast<int>(image_certified.size()); }
  [[nodiscard]] double clean_accuracy() const;      ///< 0 .. 1
  [[nodiscard]] double certified_accuracy() const;  ///< 0 .. 1
};

/// `compiled` is `network` with injection on and the box's lsb_exp and base; its ADC settings and
/// ADC offsets are those certified. pixels: [images][input_size], labels: [images]. Throws
/// crucible::Error(kUsage) where these do not belong together.
[[nodiscard]] CertifyResult certify(const models::QuantisedNetwork& network,
                                    const models::CompiledNetwork& compiled,
                                    const models::WeightBox& box, std::span<const uint8_t> pixels,
                                    std::span<const uint8_t> labels,
                                    const CertifySettings& settings = {});

}  // namespace crucible::certify
