#include "host/search/tournament.hpp"

#include <algorithm>
#include <utility>

namespace crucible::search {

Tournament::Tournament(Arena& arena, std::vector<Point> starts, BatchPlan batches,
                       std::vector<Round> rounds)
    : arena_(arena), batches_(std::move(batches)), rounds_(std::move(rounds)) {
  for (Point& start : starts)
    survivors_.push_back({std::move(start), AnnealedLoss::usual("clamped-margin"), 0});
  size_t climbers = survivors_.size();
  for (const Round& round : rounds_) {
    if (round.from_best) climbers = 1;
    size_t branches = 0;
    for (const ClimbPlan& plan : round.branches(survivors_.front())) {
      planned_ += plan.steps * static_cast<int>(climbers);
      ++branches;
    }
    climbers = std::min(round.keep, climbers * branches);
  }
}

std::vector<ClimbPlan> Tournament::plans() const { return rounds_[round_].branches(survivor()); }

bool Tournament::next() {
  while (round_ < rounds_.size()) {
    if (rounds_[round_].from_best && survivor_ == 0 && branch_ == 0) {
      survivors_.resize(1);
      survivors_.front().point = arena_.best();
    }
    const std::vector<ClimbPlan> plan = plans();
    if (branch_ < plan.size()) {
      climb_.emplace(plan[branch_], survivor().point);
      return true;
    }
    branch_ = 0;
    if (++survivor_ < survivors_.size()) continue;
    survivors_ = std::move(ended_);
    ended_.clear();
    survivor_ = 0;
    ++round_;
  }
  return false;
}

void Tournament::enter(Candidate candidate) {
  const Round& round = rounds_[round_];
  if (round.distinct) {
    const auto same = std::find_if(ended_.begin(), ended_.end(), [&](const Candidate& other) {
      return other.loss.target == candidate.loss.target;
    });
    if (same != ended_.end()) {
      if (same->correct <= candidate.correct) return;
      ended_.erase(same);
    }
  }
  const auto place = std::find_if(ended_.begin(), ended_.end(), [&](const Candidate& other) {
    return other.correct > candidate.correct;
  });
  ended_.insert(place, std::move(candidate));
  if (ended_.size() > round.keep) ended_.pop_back();
}

bool Tournament::advance() {
  if (!climb_ && !next()) return false;
  climb_->advance(arena_, batches_);
  if (!climb_->done()) return true;
  enter({climb_->point(), climb_->plan().loss, arena_.count(climb_->point())});
  ++branch_;
  return next();
}

void Tournament::save(OutArchive& archive) const {
  archive(survivors_, ended_, round_, survivor_, branch_, climb_.has_value());
  if (climb_) climb_->save(archive);
}

void Tournament::load(InArchive& archive) {
  bool climbing = false;
  archive(survivors_, ended_, round_, survivor_, branch_, climbing);
  climb_.reset();
  if (!climbing) return;
  climb_.emplace(plans()[branch_], survivor().point);
  climb_->load(archive);
}

}  // namespace crucible::search
