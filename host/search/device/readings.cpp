#include "host/search/device/readings.hpp"

#include <algorithm>
#include <cmath>

#include "host/base/batch_gradient.hpp"

namespace crucible::search {

namespace {

std::span<const float> logits_of(const models::LayerReadings& readings, size_t image,
                                 size_t images) {
  const size_t classes = readings.logits.size() / images;
  return std::span(readings.logits).subspan(image * classes, classes);
}

}  // namespace

int count_correct(const models::LayerReadings& readings, std::span<const uint8_t> labels) {
  int correct = 0;
  for (size_t i = 0; i < labels.size(); ++i) {
    const auto logits = logits_of(readings, i, labels.size());
    correct += std::max_element(logits.begin(), logits.end()) - logits.begin() == labels[i];
  }
  return correct;
}

double smooth_count(const models::LayerReadings& readings, std::span<const uint8_t> labels,
                    float temperature) {
  double sum = 0.0;
  for (size_t i = 0; i < labels.size(); ++i) {
    const float by = margin(logits_of(readings, i, labels.size()), labels[i]);
    sum += 1.0 / (1.0 + std::exp(-double{by} / temperature));
  }
  return sum;
}

}  // namespace crucible::search
