#include "host/search/loss/loss.hpp"

namespace crucible::search {

ImageLoss cross_entropy_ascent(const LossSetting& /*setting*/) {
  return [](std::span<const float> logits, int label, std::span<float> dlogits) {
    const double entropy = cross_entropy(logits, label, dlogits);
    for (float& slope : dlogits) slope = -slope;
    return -entropy;
  };
}

}  // namespace crucible::search
