#include "host/search/objective.hpp"

#include <fmt/format.h>

#include <numeric>
#include <utility>

#include "models/error.hpp"

namespace crucible::search {

namespace {

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

Objective::Objective(const SearchProblem& problem)
    : network_(checked(problem).network),
      space_(problem.network, problem.box),
      batch_(problem.network, problem.images, problem.labels, problem.threads, problem.workers),
      gradient_(problem.network),
      all_(problem.labels.size()) {
  std::iota(all_.begin(), all_.end(), 0);
}

models::FloatTwin Objective::twin_at(const models::WeightDelta& delta) const {
  return models::FloatTwin(network_, models::float_weights(network_, delta));
}

BatchResult Objective::evaluate(const Point& z, std::span<const int> index, const ImageLoss& loss,
                                Walls walls, std::span<float> margins) {
  delta_ = space_.delta(z, walls);
  const BatchResult result = batch_.gradient(twin_at(delta_), index, loss, gradient_, margins);
  space_.scale_gradient(gradient_.weights);
  evaluations_ += index.size();
  return result;
}

BatchResult Objective::evaluate_readings(const Point& z, const ImageLoss& loss,
                                         const models::LayerReadings& readings) {
  const BatchResult result = evaluate_readings_at(space_.delta(z), loss, readings);
  space_.scale_gradient(gradient_.weights);
  return result;
}

BatchResult Objective::evaluate_readings_at(models::WeightDelta delta, const ImageLoss& loss,
                                            const models::LayerReadings& readings) {
  delta_ = std::move(delta);
  evaluations_ += all_.size();
  return batch_.gradient(twin_at(delta_), all_, loss, gradient_, {}, &readings);
}

int Objective::count_correct_at(const models::WeightDelta& delta) {
  return batch_.count_correct(twin_at(delta), all_);
}

int Objective::count_correct(const Point& z, std::span<float> margins) {
  counted_ += all_.size();
  return batch_.count_correct(twin_at(space_.delta(z)), all_, margins);
}

}  // namespace crucible::search
