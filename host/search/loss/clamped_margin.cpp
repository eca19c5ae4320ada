#include <algorithm>

#include "host/search/loss/loss.hpp"

namespace crucible::search {

ImageLoss clamped_margin(const LossSetting& setting) {
  return [floor = -setting.temperature](std::span<const float> logits, int label,
                                        std::span<float> dlogits) {
    std::fill(dlogits.begin(), dlogits.end(), 0.0F);
    const int other = strongest_other(logits, label);
    const float margin = logits[label] - logits[other];
    if (margin <= floor) return static_cast<double>(floor);
    dlogits[label] = 1.0F;
    dlogits[other] = -1.0F;
    return static_cast<double>(margin);
  };
}

}  // namespace crucible::search
