#include "host/chance/chip_problem.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>

namespace crucible::chance {
namespace {

constexpr int kRampPart = 4;

/// Sum over the images of f(margin).
template <class F>
int64_t sum_of_margins(const eval::Evaluation& chip, eval::LabelledImages images, const F& f) {
  const auto classes = static_cast<size_t>(chip.classes);
  int64_t sum = 0;
  for (size_t i = 0; i < images.labels.size(); ++i) {
    const auto logits = std::span(chip.logits).subspan(i * classes, classes);
    int64_t other = std::numeric_limits<int64_t>::min() / 4;
    for (size_t c = 0; c < classes; ++c) {
      if (c != images.labels[i]) other = std::max(other, logits[c]);
    }
    sum += f(logits[images.labels[i]] - other);
  }
  return sum;
}

}  // namespace

ChipProblem::ChipProblem(const models::ChipSpace& space, const models::CompiledNetwork& compiled,
                         eval::LabelledImages images)
    : space_(space), compiled_(compiled), images_(images) {
  const models::ChipOffsets none(compiled.geometry.cells(), 0);
  const eval::Evaluation clean = eval::evaluate_model(compiled, none, images, 1);
  const int64_t sum =
      sum_of_margins(clean, images, [](int64_t margin) { return std::abs(margin); });
  ramp_ = std::max<int64_t>(1, sum / images.count() / kRampPart);
}

Score ChipProblem::score(std::span<const int16_t> values) const {
  const eval::Evaluation chip = eval::evaluate_model(compiled_, space_.offsets(values), images_, 1);
  return {chip.correct, sum_of_margins(chip, images_, [this](int64_t margin) {
            return std::clamp(margin, -ramp_, ramp_);
          })};
}

}  // namespace crucible::chance
