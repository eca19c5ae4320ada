// See image_patches.hpp.
#include "models/network/image_patches.hpp"

#include <cstring>

namespace crucible::models {
namespace {

/// kKernel 0: the width is known at run time only.
template <int kKernel>
void cut_rows(const LayerShape& shape, const uint8_t* padded, int padded_width, uint8_t* patches) {
  const int kernel = kKernel > 0 ? kKernel : shape.kernel;
  const size_t plane = static_cast<size_t>(shape.in_height + 2 * shape.pad) * padded_width;
  for (int row = 0; row < shape.conv_height(); ++row) {
    for (int column = 0; column < shape.conv_width(); ++column) {
      const uint8_t* corner = padded + static_cast<size_t>(row) * padded_width + column;
      for (int channel = 0; channel < shape.in_channels; ++channel, corner += plane) {
        const uint8_t* line = corner;
        for (int k = 0; k < kernel; ++k, line += padded_width, patches += kernel) {
          std::memcpy(patches, line, static_cast<size_t>(kernel));
        }
      }
    }
  }
}

}  // namespace

ImagePatches::ImagePatches(const LayerShape& shape)
    : shape_(shape),
      padded_width_(shape.in_width + 2 * shape.pad),
      padded_(static_cast<size_t>(shape.in_channels) * (shape.in_height + 2 * shape.pad) *
              padded_width_) {}

void ImagePatches::cut(const uint8_t* image, uint8_t* patches) {
  uint8_t* plane = padded_.data();
  for (int channel = 0; channel < shape_.in_channels; ++channel) {
    uint8_t* line = plane + static_cast<size_t>(shape_.pad) * padded_width_ + shape_.pad;
    for (int row = 0; row < shape_.in_height; ++row) {
      std::memcpy(line, image, static_cast<size_t>(shape_.in_width));
      image += shape_.in_width;
      line += padded_width_;
    }
    plane += static_cast<size_t>(shape_.in_height + 2 * shape_.pad) * padded_width_;
  }
  if (shape_.kernel == 3) {
    cut_rows<3>(shape_, padded_.data(), padded_width_, patches);
  } else {
    cut_rows<0>(shape_, padded_.data(), padded_width_, patches);
  }
}

}  // namespace crucible::models
