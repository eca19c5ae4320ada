#include "host/chance/image_subset.hpp"

#include <fmt/format.h>

#include "models/error.hpp"

namespace crucible::chance {

ImageSubset::ImageSubset(eval::LabelledImages all, int count) {
  if (count < 1 || count > all.count()) {
    throw Error(ErrorKind::kUsage,
                fmt::format("chance: {} of {} images; ask for at least one and at most as many as "
                            "there are",
                            count, all.count()));
  }
  const auto there = static_cast<size_t>(all.count());
  const auto taken = static_cast<size_t>(count);
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
