#include "host/search/cells/cell_refinement.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "host/search/device/device_session.hpp"
#include "host/search/device/readings.hpp"
#include "host/search/loss/loss.hpp"
#include "models/error.hpp"

namespace crucible::search {

namespace {

constexpr float kTemperature = 0.1F;  // of the mean |margin|
constexpr size_t kShrink = 4;         // groups, from round to round
constexpr size_t kFirstShare = 4;     // of the moves that promise something, in the first group
constexpr size_t kKickedCells = 4;    // at most

}  // namespace

CellRefinement::CellRefinement(Arena& arena, int trials)
    : arena_(arena),
      judge_(arena.problem().pipeline->chip),
      space_(arena.problem().network, arena.problem().pipeline->compiled, arena.problem().box),
      trials_(trials) {
  if (judge_.images() == arena.objective().count()) return;
  throw Error(ErrorKind::kUsage,
              fmt::format("search: the pipeline judges {} images, the problem has {}; give both "
                          "the same",
                          judge_.images(), arena.objective().count()));
}

float CellRefinement::temperature() const { return kTemperature * arena_.unit(); }

models::ChipOffsets CellRefinement::offsets() const {
  if (begun()) return best_;
  const SearchSpace& weights = arena_.space();
  return space_.realised(weights.on_grid(weights.delta(arena_.best())));
}

Point CellRefinement::point(const models::ChipOffsets& offsets) const {
  return point_of(arena_.problem().box, space_.weight_change(offsets));
}

CellRefinement::Score CellRefinement::score(const models::ChipOffsets& offsets, Read read) {
  readings_ = judge_.measure(offsets, read);
  ++spent_;
  const SearchProblem& problem = arena_.problem();
  const Score score{.correct = count_correct(readings_, problem.labels),
                    .loss = smooth_count(readings_, problem.labels, temperature())};
  if (best_.empty() || score.better_than(best_score_)) {
    best_ = offsets;
    best_score_ = score;
    arena_.offer(point(offsets), score.correct);
  }
  return score;
}

void CellRefinement::begin() {
  const Point found = arena_.best();
  models::ChipOffsets start = offsets();
  // From here on the arena counts what the judge counts.
  arena_.restart_at(found, arena_.objective().count() + 1);
  first_correct_ = score(start, Read::kLogits).correct;
  // Where the float twin leads astray, no change at all is the better start.
  score(space_.no_change(), Read::kLogits);
  start_at(best_, 0);
  const auto promising = static_cast<size_t>(
      std::count_if(moves_.begin(), moves_.end(), [](const CellMove& m) { return m.gain > 0.0F; }));
  group_ = std::max<size_t>(1, promising / kFirstShare);
  list_moves();
}

void CellRefinement::start_at(models::ChipOffsets offsets, size_t group) {
  at_ = std::move(offsets);
  group_ = group;
  end_pass();
}

void CellRefinement::list_moves() {
  moves_ = space_.ranked_moves(ranked_at_, slope_,
                               group_ == 1 ? Targets::kWallsAndNeighbours : Targets::kWalls);
}

void CellRefinement::end_pass() {
  // Ranking reads the activations back, at the price of one more measurement.
  score_ = score(at_, Read::kActivations);
  arena_.objective().evaluate_readings_at(space_.weight_change(at_),
                                          soft_count({.temperature = temperature()}), readings_);
  slope_ = arena_.objective().gradient();
  ranked_at_ = at_;
  list_moves();
  next_ = 0;
  moved_ = false;
}

void CellRefinement::restart() {
  CounterRandom random(arena_.problem().seed, ++restarts_);
  models::ChipOffsets start = best_;
  if (restarts_ % 2 == 0) {
    start = space_.random_corner(random);
  } else {
    space_.kick(start, 1 + random.below(kKickedCells), random);
  }
  start_at(std::move(start), 1);
}

void CellRefinement::try_group() {
  models::ChipOffsets offsets = at_;
  const size_t end = std::min(moves_.size(), next_ + group_);
  for (; next_ < end; ++next_) space_.apply(moves_[next_], offsets);
  const Score trial = score(offsets, Read::kLogits);
  if (!trial.better_than(score_)) return;
  at_ = std::move(offsets);
  score_ = trial;
  moved_ = true;
}

bool CellRefinement::advance() {
  if (!begun()) {
    begin();
  } else {
    // Groups take only moves that promise something; single cells are all tried.
    const bool over = next_ >= moves_.size() || (group_ > 1 && !(moves_[next_].gain > 0.0F));
    if (!over) {
      try_group();
    } else if (moved_) {
      end_pass();
    } else if (group_ == 1) {
      restart();
    } else {
      group_ = std::max<size_t>(1, group_ / kShrink);
      list_moves();
      next_ = 0;
    }
  }
  const auto count = static_cast<double>(arena_.objective().count());
  arena_.report(score_.loss / count, score_.correct / count,
                arena_.space().deviation(space_.weight_change(at_)));
  return spent_ < trials_ && best_score_.correct > 0 && !space_.cells().empty();
}

void CellRefinement::save(OutArchive& archive) const {
  archive(spent_, first_correct_, at_, best_, score_.correct, score_.loss, best_score_.correct,
          best_score_.loss, slope_, ranked_at_, group_, next_, moved_, restarts_);
}

void CellRefinement::load(InArchive& archive) {
  archive(spent_, first_correct_, at_, best_, score_.correct, score_.loss, best_score_.correct,
          best_score_.loss, slope_, ranked_at_, group_, next_, moved_, restarts_);
  if (begun()) list_moves();
}

}  // namespace crucible::search
