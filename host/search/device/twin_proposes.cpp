// twin-proposes: the float twin's gradient ranks moves of weights to a wall; groups of them are
// taken or undone by what the device measures. Groups shrink from what a sparse update carries to
// single weights. The vertex refinement (host/search/vertex_refinement.hpp) with the device as
// judge.
#include <algorithm>

#include "host/search/device/blocks.hpp"
#include "host/search/device/registry.hpp"
#include "host/search/loss/loss.hpp"

namespace crucible::search {

namespace {

constexpr size_t kFirst = 2;    // of a sparse step, in the first group: most are undone
constexpr size_t kShrink = 4;   // groups, once a whole ranking brought nothing
constexpr int kMostGroups = 8;  // tried of one ranking: later ones promise little

class TwinProposes final : public IDeviceSearch {
 public:
  TwinProposes(DeviceSession session, int trials)
      : session_(std::move(session)),
        trials_(trials),
        group_(std::max<size_t>(1, session_.sparse_step() / kFirst)) {}

  bool advance() override {
    bool more = true;
    if (!session_.begun()) {
      session_.begin(Read::kLogits);
      rank();
    } else {
      const bool over = at_ >= moves_.size() || tried_ >= kMostGroups;
      if (over && !moved_) {
        more = group_ > 1;
        group_ = std::max<size_t>(1, group_ / kShrink);
        at_ = 0;
        tried_ = 0;
      } else if (over) {
        rank();
      }
      if (more) try_group();
    }
    session_.report();
    return more && !moves_.empty() && spent() < trials_ && session_.score().correct > 0;
  }
  [[nodiscard]] int planned() const override { return trials_; }
  [[nodiscard]] const DeviceSession& session() const override { return session_; }
  void save(OutArchive& archive) const override {
    session_.save(archive);
    archive(group_, moves_, at_, tried_, moved_);
  }
  void load(InArchive& archive) override {
    session_.load(archive);
    archive(group_, moves_, at_, tried_, moved_);
  }

 private:
  [[nodiscard]] int spent() const { return static_cast<int>(session_.statistics().measurements); }

  void rank() {
    Objective& objective = session_.arena().objective();
    objective.evaluate(session_.point(), objective.all(),
                       soft_count({.temperature = session_.temperature()}));
    moves_ = ranked_moves(session_.point(), objective.gradient());
    at_ = 0;
    tried_ = 0;
    moved_ = false;
  }

  void try_group() {
    Point z = session_.point();
    const size_t end = std::min(moves_.size(), at_ + group_);
    for (; at_ < end; ++at_) z[moves_[at_].layer][moves_[at_].weight] = moves_[at_].target;
    ++tried_;
    if (session_.attempt(std::move(z), /*level=*/false)) moved_ = true;
  }

  DeviceSession session_;
  int trials_;
  size_t group_;
  std::vector<WallMove> moves_;
  size_t at_ = 0;
  int tried_ = 0;
  bool moved_ = false;  // since the last ranking
};

}  // namespace

std::unique_ptr<IDeviceSearch> make_twin_proposes(DeviceSession session, int measurements) {
  return std::make_unique<TwinProposes>(std::move(session), measurements);
}

}  // namespace crucible::search
