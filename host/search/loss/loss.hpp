// What a search minimises on the float twin in place of the count, which has no slope.
#pragma once

#include <span>
#include <string>

#include "host/base/batch_gradient.hpp"

namespace crucible::search {

/// A loss's freedom. Margins are in logit units of the network at hand.
struct LossSetting {
  float temperature = 0.0F;  ///< logits; how far from the boundary an image still has a say
  int target = -1;           ///< class that `collapse` losses drive every image to
};

struct LossEntry {
  std::string name;     ///< as on the command line
  std::string summary;  ///< one sentence with its source
  float first, last;  ///< temperature at the first and the last step, in units of the mean |margin|
  bool targeted;      ///< needs a target class
  ImageLoss (*make)(const LossSetting& setting);
};

/// All losses, one line each in registry.cpp.
[[nodiscard]] std::span<const LossEntry> losses();
/// Throws crucible::Error(kUsage) listing the known names.
[[nodiscard]] const LossEntry& find_loss(const std::string& name);

/// max(margin, -temperature) per image: margin is the label's logit minus the largest other. No
/// slope at and below -temperature.
[[nodiscard]] ImageLoss clamped_margin(const LossSetting& setting);
/// Cross-entropy of the logits' softmax, negated: what is minimised falls as images are lost.
[[nodiscard]] ImageLoss cross_entropy_ascent(const LossSetting& setting);
/// Margin over the distance between the largest and the third largest logit (difference of logits
/// ratio; F. Croce, M. Hein, ICML 2020).
[[nodiscard]] ImageLoss logit_ratio(const LossSetting& setting);
/// Smooth count of images classified right: sigmoid(margin / temperature).
[[nodiscard]] ImageLoss soft_count(const LossSetting& setting);
/// The clamped margin with the target class in place of the strongest other; images of the target
/// class themselves are driven to their strongest other.
[[nodiscard]] ImageLoss collapse(const LossSetting& setting);

/// The largest logit that is not the label's; the lowest index wins ties.
[[nodiscard]] int strongest_other(std::span<const float> logits, int label);

}  // namespace crucible::search
