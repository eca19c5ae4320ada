#include "host/search/arena.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace crucible::search {

Arena::Arena(const SearchProblem& problem)
    : problem_(problem), objective_(problem), best_(objective_.space().origin()) {
  std::vector<float> margins(static_cast<size_t>(objective_.count()));
  correct_ = objective_.count_correct(best_, margins);
  double sum = 0.0;
  for (const float margin : margins) sum += std::abs(margin);
  unit_ = std::max(static_cast<float>(sum / objective_.count()), 1e-6F);
}

void Arena::offer(const Point& z, int correct) {
  if (correct >= correct_) return;
  best_ = z;
  correct_ = correct;
}

void Arena::restart_at(const Point& z, int correct) {
  best_ = z;
  correct_ = correct;
}

int Arena::count(const Point& z) {
  const int correct = objective_.count_correct(z);
  offer(z, correct);
  return correct;
}

void Arena::report(double loss, double accuracy, double deviation) {
  trace_.push_back({.iteration = static_cast<int>(trace_.size()) + 1,
                    .gradient_evaluations = objective_.evaluations(),
                    .loss = loss,
                    .accuracy = accuracy,
                    .best = static_cast<double>(correct_) / objective_.count(),
                    .deviation = deviation});
}

SearchResult Arena::result(Stop stop) {
  SearchResult result{.delta = space().on_grid(space().delta(best_)),
                      .trace = trace_,
                      .gradient_evaluations = objective_.evaluations(),
                      .count_evaluations = objective_.count_evaluations(),
                      .accuracy = 0.0,
                      .stop = stop};
  result.accuracy =
      static_cast<double>(objective_.count_correct_at(result.delta)) / objective_.count();
  return result;
}

void Arena::save(OutArchive& archive) const {
  archive(correct_, best_, trace_);
  objective_.save(archive);
}

void Arena::load(InArchive& archive) {
  archive(correct_, best_, trace_);
  objective_.load(archive);
}

}  // namespace crucible::search
