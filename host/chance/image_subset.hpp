// A stated subset of the images: spread evenly over the data set, which may be ordered (MNIST's
// second half is the harder one).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "host/eval/evaluation.hpp"

namespace crucible::chance {

class ImageSubset {
 public:
  /// `count` of the images, number i being floor(i * all / count). Throws crucible::Error(kUsage)
  /// for a count below 1 or above their number.
  ImageSubset(eval::LabelledImages all, int count);

  [[nodiscard]] eval::LabelledImages images() const { return {pixels_, labels_}; }
  /// For reports: "200 of 10000 images: number 0 and every 50 after it".
  [[nodiscard]] const std::string& description() const { return description_; }

 private:
  std::vector<uint8_t> pixels_, labels_;
  std::string description_;
};

}  // namespace crucible::chance
