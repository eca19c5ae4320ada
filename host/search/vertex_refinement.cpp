#include "host/search/vertex_refinement.hpp"

#include <algorithm>
#include <cmath>

#include "host/search/loss/loss.hpp"

namespace crucible::search {

namespace {

constexpr float kClamp = 0.03F;    // of the mean |margin|
constexpr size_t kShrink = 4;      // groups, from round to round
constexpr size_t kFirstShare = 4;  // of the moves that promise something, in the first group

}  // namespace

VertexRefinement::Score VertexRefinement::score(const Point& z) {
  std::vector<float> margins(static_cast<size_t>(arena_.objective().count()));
  Score score{.correct = arena_.objective().count_correct(z, margins)};
  const float floor = -kClamp * arena_.unit();
  for (const float margin : margins) score.loss += std::max(margin, floor);
  arena_.offer(z, score.correct);
  ++spent_;
  return score;
}

void VertexRefinement::begin() {
  z_ = arena_.best();
  score_ = score(z_);
  const Point vertex = arena_.space().snapped(z_);
  const Score snapped = score(vertex);
  if (snapped.correct <= score_.correct) {
    z_ = vertex;
    score_ = snapped;
  }
  rank();
  const auto promising = static_cast<size_t>(
      std::count_if(moves_.begin(), moves_.end(), [](const Move& m) { return m.gain > 0.0F; }));
  group_ = std::max<size_t>(1, promising / kFirstShare);
}

void VertexRefinement::rank() {
  ranked_at_ = z_;
  list_moves();
  at_ = 0;
  moved_ = false;
}

void VertexRefinement::list_moves() {
  Objective& objective = arena_.objective();
  const Point& from = ranked_at_;
  objective.evaluate(from, objective.all(),
                     clamped_margin({.temperature = kClamp * arena_.unit()}));
  const Point origin = arena_.space().origin();
  moves_.clear();
  for (uint32_t l = 0; l < from.size(); ++l)
    for (uint32_t i = 0; i < from[l].size(); ++i)
      for (const float target : {-1.0F, 1.0F, origin[l][i]}) {
        const float by = from[l][i] - target;
        if (by != 0.0F) moves_.push_back({l, i, target, objective.gradient()[l][i] * by});
      }
  std::stable_sort(moves_.begin(), moves_.end(),
                   [](const Move& a, const Move& b) { return a.gain > b.gain; });
}

void VertexRefinement::try_group() {
  Point z = z_;
  const size_t end = std::min(moves_.size(), at_ + group_);
  for (; at_ < end; ++at_) z[moves_[at_].layer][moves_[at_].weight] = moves_[at_].target;
  const Score trial = score(z);
  if (!trial.better_than(score_)) return;
  z_ = std::move(z);
  score_ = trial;
  moved_ = true;
}

bool VertexRefinement::advance() {
  if (z_.empty()) {
    begin();
  } else {
    // Groups take only moves that promise something; single weights are all tried.
    const bool over = at_ >= moves_.size() || (group_ > 1 && !(moves_[at_].gain > 0.0F));
    if (over && moved_) {
      rank();
    } else if (over && group_ == 1) {
      spent_ = trials_;
    } else if (over) {
      group_ = std::max<size_t>(1, group_ / kShrink);
      at_ = 0;
    }
    if (at_ < moves_.size() && spent_ < trials_) try_group();
  }
  const auto count = static_cast<double>(arena_.objective().count());
  arena_.report(score_.loss / count, score_.correct / count,
                arena_.space().deviation(arena_.space().delta(z_)));
  return spent_ < trials_ && score_.correct > 0;
}

void VertexRefinement::save(OutArchive& archive) const {
  archive(spent_, z_, score_.correct, score_.loss, ranked_at_, group_, at_, moved_);
}

void VertexRefinement::load(InArchive& archive) {
  archive(spent_, z_, score_.correct, score_.loss, ranked_at_, group_, at_, moved_);
  if (!ranked_at_.empty()) list_moves();
}

}  // namespace crucible::search
