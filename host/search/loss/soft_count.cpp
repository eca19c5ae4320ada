#include <algorithm>
#include <cmath>

#include "host/search/loss/loss.hpp"

namespace crucible::search {

namespace {

/// Of the steepest slope: an image still right keeps at least this much of it, and one that is lost
/// and has less is left out.
constexpr float kFloor = 1e-3F;

}  // namespace

// The slope is scaled so that the steepest is 1. Images far on either side of the boundary have
// little say: those lost stay lost, and those out of reach do not pull the others back.
ImageLoss soft_count(const LossSetting& setting) {
  return [temperature = setting.temperature](std::span<const float> logits, int label,
                                             std::span<float> dlogits) {
    std::fill(dlogits.begin(), dlogits.end(), 0.0F);
    const int other = strongest_other(logits, label);
    const float by = (logits[label] - logits[other]) / temperature;
    const float right = 1.0F / (1.0F + std::exp(-by));
    float slope = 4.0F * right * (1.0F - right);
    if (by > 0.0F) slope = std::max(slope, kFloor);
    if (slope >= kFloor) {
      dlogits[label] = slope;
      dlogits[other] = -slope;
    }
    return static_cast<double>(right);
  };
}

}  // namespace crucible::search
