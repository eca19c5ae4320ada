#include "host/search/objective.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "models/error.hpp"

namespace crucible::search {

namespace {

constexpr float kNoSay = 1e-3F;  // slope, of the steepest, below which an image is left out

int strongest_other(std::span<const float> logits, int label) {
  int other = label == 0 ? 1 : 0;
  for (int c = 0; c < static_cast<int>(logits.size()); ++c)
    if (c != label && logits[c] > logits[other]) other = c;
  return other;
}

const SearchProblem& checked(const SearchProblem& problem) {
  const auto size = static_cast<size_t>(problem.network.layers.front().shape.in_size());
  if (problem.labels.empty() || problem.images.size() != problem.labels.size() * size)
    throw Error(
        ErrorKind::kUsage,
        fmt::format(
            "search: {} bytes of images for {} labels; network '{}' needs at least one image of {} "
            "bytes a label",
            problem.images.size(), problem.labels.size(), problem.network.name, size));
  return problem;
}

}  // namespace

Objective::Objective(const SearchProblem& problem, Walls walls)
    : network_(checked(problem).network),
      space_(problem.network, problem.box),
      walls_(walls),
      batch_(problem.network, problem.images, problem.labels, problem.threads),
      gradient_(problem.network),
      all_(problem.labels.size()) {
  std::iota(all_.begin(), all_.end(), 0);
}

BatchResult Objective::evaluate(const Point& z, std::span<const int> index, const ImageLoss& loss,
                                std::span<float> margins) {
  const models::FloatTwin twin(network_, space_.weights(z, walls_));
  const BatchResult result = batch_.gradient(twin, index, loss, gradient_, margins);
  space_.scale_gradient(gradient_.weights);
  evaluations_ += index.size();
  return result;
}

int Objective::count_correct(const Point& z, std::span<float> margins) {
  return batch_.count_correct(models::FloatTwin(network_, space_.weights(z, walls_)), all_,
                              margins);
}

ImageLoss clamped_margin(float kappa) {
  return [kappa](std::span<const float> logits, int label, std::span<float> dlogits) {
    std::fill(dlogits.begin(), dlogits.end(), 0.0F);
    const int other = strongest_other(logits, label);
    const float margin = logits[label] - logits[other];
    if (margin <= -kappa) return static_cast<double>(-kappa);
    dlogits[label] = 1.0F;
    dlogits[other] = -1.0F;
    return static_cast<double>(margin);
  };
}

ImageLoss soft_count(float softness, float floor) {
  return [softness, floor](std::span<const float> logits, int label, std::span<float> dlogits) {
    std::fill(dlogits.begin(), dlogits.end(), 0.0F);
    const int other = strongest_other(logits, label);
    const float by = (logits[label] - logits[other]) / softness;
    const float right = 1.0F / (1.0F + std::exp(-by));
    float slope = 4.0F * right * (1.0F - right);
    if (by > 0.0F) slope = std::max(slope, floor);
    if (slope < kNoSay) return static_cast<double>(right);
    dlogits[label] = slope;
    dlogits[other] = -slope;
    return static_cast<double>(right);
  };
}

}  // namespace crucible::search
