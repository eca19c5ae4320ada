// Climbs that compete, round by round (successive halving; K. Jamieson, A. Talwalkar, AISTATS
// 2016): in each round every survivor starts one or more climbs, all of which are counted exactly,
// and the best go on.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "host/search/climb.hpp"
#include "host/search/i_search.hpp"

namespace crucible::search {

/// Where a climb ended.
struct Candidate {
  Point point;
  AnnealedLoss loss;  ///< it came with; its target tells the basin
  int correct = 0;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(point, loss, correct);
  }
};

struct Round {
  /// The climbs that start from a survivor.
  std::function<std::vector<ClimbPlan>(const Candidate& from)> branches;
  size_t keep = 1;         ///< survivors of the round
  bool distinct = false;   ///< at most one survivor for each target of a loss
  bool from_best = false;  ///< start from the best point so far alone
};

class Tournament final : public ISearch {
 public:
  /// `starts` must not be empty; `batches` says which images the kinds of steps look at. The steps
  /// planned are an estimate from the first survivor's branches.
  Tournament(Arena& arena, std::vector<Point> starts, BatchPlan batches, std::vector<Round> rounds);

  bool advance() override;
  [[nodiscard]] int planned() const override { return planned_; }
  void save(OutArchive& archive) const override;
  void load(InArchive& archive) override;

 private:
  /// The next climb, or the next round; false when all is done.
  bool next();
  /// Takes a candidate among those that may survive the round, the best first.
  void enter(Candidate candidate);
  [[nodiscard]] std::vector<ClimbPlan> plans() const;
  [[nodiscard]] const Candidate& survivor() const { return survivors_[survivor_]; }

  Arena& arena_;
  BatchPlan batches_;
  std::vector<Round> rounds_;
  int planned_ = 0;
  std::vector<Candidate> survivors_, ended_;
  size_t round_ = 0, survivor_ = 0, branch_ = 0;
  std::optional<Climb> climb_;
};

}  // namespace crucible::search
