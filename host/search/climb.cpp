#include "host/search/climb.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "host/search/loss/loss.hpp"

namespace crucible::search {

namespace {

constexpr size_t kShares = 4, kSmallestShare = 500;

/// Every stride-th image from the first-th on.
std::vector<int> every(const std::vector<int>& all, size_t first, size_t stride) {
  std::vector<int> some;
  for (size_t i = first; i < all.size(); i += stride) some.push_back(all[i]);
  return some;
}

}  // namespace

AnnealedLoss AnnealedLoss::usual(const std::string& name, int target) {
  const LossEntry& entry = find_loss(name);
  return {name, entry.first, entry.last, target};
}

ImageLoss AnnealedLoss::at(double progress, float unit) const {
  const double ratio = first > 0.0F ? last / first : 1.0F;
  return find_loss(name).make(
      {.temperature = first * unit * static_cast<float>(std::pow(ratio, progress)),
       .target = target});
}

BatchPlan::BatchPlan(const std::vector<int>& all, size_t scouts)
    : all_(all), scout_(every(all, 0, std::max<size_t>(1, (all.size() + scouts - 1) / scouts))) {
  if (all.size() < kShares * kSmallestShare) {
    shares_ = {all};
  } else {
    for (size_t first = 0; first < kShares; ++first) shares_.push_back(every(all, first, kShares));
  }
}

std::span<const int> BatchPlan::images(Batches batches, int step) const {
  switch (batches) {
    case Batches::kScout:
      return scout_;
    case Batches::kShares:
      return shares_[static_cast<size_t>(step) % shares_.size()];
    case Batches::kAll:
      break;
  }
  return all_;
}

Climb::Climb(ClimbPlan plan, Point start)
    : plan_(std::move(plan)),
      z_(std::move(start)),
      optimiser_(find_optimiser(plan_.optimiser).make(z_)) {}

void Climb::advance(Arena& arena, const BatchPlan& batches) {
  const std::span<const int> index = batches.images(plan_.batches, step_);
  const double progress = static_cast<double>(step_) / plan_.steps;
  const BatchResult here =
      arena.objective().evaluate(z_, index, plan_.loss.at(progress, arena.unit()));
  const auto count = static_cast<double>(index.size());
  if (index.size() == arena.objective().all().size()) {
    arena.offer(z_, here.correct);
  } else if (arena.enough(here.correct / count)) {
    arena.count(z_);
  }
  arena.report(here.loss / count, here.correct / count,
               arena.space().deviation(arena.objective().delta()));
  optimiser_->step(z_, arena.objective().gradient(),
                   {.step = step_,
                    .steps = plan_.steps,
                    .first = plan_.first,
                    .last = plan_.last,
                    .radius = 2 * step_ < plan_.steps ? plan_.first_radius : 1.0F,
                    .loss = here.loss / count});
  ++step_;
}

void Climb::save(OutArchive& archive) const {
  archive(z_, step_);
  optimiser_->save(archive);
}

void Climb::load(InArchive& archive) {
  archive(z_, step_);
  optimiser_->load(archive);
}

}  // namespace crucible::search
