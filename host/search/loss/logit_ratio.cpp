#include <algorithm>
#include <limits>

#include "host/search/loss/loss.hpp"

namespace crucible::search {

// ratio = (z_y - z_o) / (z_1 - z_3): invariant to shifts and scales of the logits, so that a change
// that only makes them small cannot hide the gradient. With two classes there is no third, and the
// divisor is the spread of the two.
ImageLoss logit_ratio(const LossSetting& /*setting*/) {
  return [](std::span<const float> logits, int label, std::span<float> dlogits) {
    std::fill(dlogits.begin(), dlogits.end(), 0.0F);
    const int classes = static_cast<int>(logits.size());
    const int other = strongest_other(logits, label);
    int first = -1, second = -1, third = -1;
    for (int c = 0; c < classes; ++c) {
      if (first < 0 || logits[c] > logits[first]) {
        third = second, second = first, first = c;
      } else if (second < 0 || logits[c] > logits[second]) {
        third = second, second = c;
      } else if (third < 0 || logits[c] > logits[third]) {
        third = c;
      }
    }
    if (third < 0) third = second;
    constexpr float kLeast = 1e-12F;
    const float spread = std::max(logits[first] - logits[third], kLeast);
    const float ratio = (logits[label] - logits[other]) / spread;
    dlogits[label] += 1.0F / spread;
    dlogits[other] -= 1.0F / spread;
    if (spread > kLeast) {
      dlogits[first] -= ratio / spread;
      dlogits[third] += ratio / spread;
    }
    return static_cast<double>(ratio);
  };
}

}  // namespace crucible::search
