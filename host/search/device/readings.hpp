// What a device, or the integer pipeline, made of a set of images: the exact count and the smooth
// one.
#pragma once

#include <cstdint>
#include <span>

#include "models/float_twin/float_twin.hpp"

namespace crucible::search {

/// Images whose largest logit is the label's; the lowest index wins ties.
[[nodiscard]] int count_correct(const models::LayerReadings& readings,
                                std::span<const uint8_t> labels);

/// Sum of sigmoid(margin / temperature), temperature in logits: it moves where the count stands
/// still.
[[nodiscard]] double smooth_count(const models::LayerReadings& readings,
                                  std::span<const uint8_t> labels, float temperature);

}  // namespace crucible::search
