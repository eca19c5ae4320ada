#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "host/search/loss/loss.hpp"
#include "models/error.hpp"

namespace crucible::search {

std::span<const LossEntry> losses() {
  static const std::array<LossEntry, 5> kLosses{{
      {"clamped-margin", "margin clamped below: every image still right pulls with equal force",
       0.1F, 0.1F, false, &clamped_margin},
      {"cross-entropy", "cross-entropy of the softmax (the literature's baseline)", 0.0F, 0.0F,
       false, &cross_entropy_ascent},
      {"logit-ratio", "difference of logits ratio (Croce and Hein 2020)", 0.0F, 0.0F, false,
       &logit_ratio},
      {"soft-count", "smooth 0-1 loss, annealed: images out of reach hardly pull", 0.5F, 0.1F,
       false, &soft_count},
      {"collapse", "clamped margin towards one class, tried for each class", 0.1F, 0.1F, true,
       &collapse},
  }};
  return kLosses;
}

const LossEntry& find_loss(const std::string& name) {
  const auto all = losses();
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const LossEntry& entry) { return entry.name == name; });
  if (found != all.end()) return *found;
  std::string known;
  for (const LossEntry& entry : all) known += (known.empty() ? "" : ", ") + entry.name;
  throw Error(ErrorKind::kUsage,
              fmt::format("search: unknown loss '{}'; known are {}", name, known));
}

int strongest_other(std::span<const float> logits, int label) {
  int other = label == 0 ? 1 : 0;
  for (int c = 0; c < static_cast<int>(logits.size()); ++c)
    if (c != label && logits[c] > logits[other]) other = c;
  return other;
}

}  // namespace crucible::search
