#include "host/chance/image_subset.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/error.hpp"

namespace crucible::chance {

ImageSubset::ImageSubset(eval::LabelledImages all, int count) {
  if (count < 1 || all.count() < 1) {
    throw Error(ErrorKind::kUsage,
                fmt::format("chance: {} of {} images; at least one is needed", count, all.count()));
  }
  const auto there = static_cast<size_t>(all.count());
  const size_t taken = std::min(static_cast<size_t>(count), there);
  const size_t size = all.image_size();
  for (size_t i = 0; i < taken; ++i) {
    const size_t at = i * there / taken;
    const auto image = all.pixels.subspan(at * size, size);
    pixels_.insert(pixels_.end(), image.begin(), image.end());
    labels_.push_back(all.labels[at]);
  }
  description_ =
      taken == there ? fmt::format("all {} images", there)
      : there % taken == 0
          ? fmt::format("{} of {} images: number 0 and every {} after it", taken, there,
                        there / taken)
          : fmt::format("{} of {} images, number floor(i * {} / {})", taken, there, there, taken);
}

}  // namespace crucible::chance
