// straight-through: every layer's activations are read back from the device and put in place of the
// float twin's before its backward pass, so that what only the hardware has (offsets and saturation
// of its ADCs, noise) enters the gradient (straight-through estimator: Y. Bengio, N. Leonard, A.
// Courville, arXiv:1308.3432, 2013; a network in the loop of its hardware: S. Schmitt et al., IJCNN
// 2017). A step moves the weights that the momentum of the gradients promises most of to their
// wall, few enough for a sparse update, and stays if the device is worse off for it; the share
// grows after a success and halves after a failure.
#include <algorithm>
#include <cmath>

#include "host/search/device/blocks.hpp"
#include "host/search/device/registry.hpp"
#include "host/search/loss/loss.hpp"

namespace crucible::search {

namespace {

constexpr float kMomentum = 0.5F;

class StraightThrough final : public IDeviceSearch {
 public:
  StraightThrough(DeviceSession session, int trials)
      : session_(std::move(session)), trials_(trials), group_(session_.sparse_step()) {}

  bool advance() override {
    if (!session_.begun()) {
      session_.begin(Read::kActivations);
      look();
    } else {
      step();
    }
    session_.report();
    return group_ > 0 && spent() < trials_ && session_.score().correct > 0;
  }
  [[nodiscard]] int planned() const override { return trials_; }
  [[nodiscard]] const DeviceSession& session() const override { return session_; }
  void save(OutArchive& archive) const override {
    session_.save(archive);
    archive(group_, slope_, momentum_);
  }
  void load(InArchive& archive) override {
    session_.load(archive);
    archive(group_, slope_, momentum_);
  }

 private:
  [[nodiscard]] int spent() const { return static_cast<int>(session_.statistics().measurements); }

  /// The gradient at the accepted point, from the readings of its measurement.
  void look() {
    Objective& objective = session_.arena().objective();
    objective.evaluate_readings(
        session_.point(), soft_count({.temperature = session_.temperature()}), session_.readings());
    slope_ = objective.gradient();
    double sum = 0.0;
    for_each_coordinate([&](const float& g) { sum += std::abs(g); }, slope_);
    if (momentum_.empty()) {
      momentum_ = slope_;
      for_each_coordinate([](float& m) { m = 0.0F; }, momentum_);
    }
    const auto mean = static_cast<float>(sum / static_cast<double>(session_.weights()));
    if (mean == 0.0F) return;
    for_each_coordinate([mean](float& m, const float& g) { m = kMomentum * m + g / mean; },
                        momentum_, slope_);
  }

  void step() {
    const std::vector<WallMove> moves = ranked_moves(session_.point(), momentum_);
    Point z = session_.point();
    for (size_t i = 0; i < std::min(group_, moves.size()); ++i)
      z[moves[i].layer][moves[i].weight] = moves[i].target;
    if (moves.empty()) {
      group_ = 0;
    } else if (session_.attempt(std::move(z), /*level=*/false, Read::kActivations)) {
      group_ = std::min(2 * group_, session_.sparse_step());
      look();
    } else if (group_ == 1 && momentum_ != slope_) {
      momentum_ = slope_;  // the momentum has run dry; the slope alone has not been tried
      group_ = session_.sparse_step();
    } else {
      group_ /= 2;
    }
  }

  DeviceSession session_;
  int trials_;
  size_t group_;
  Point slope_, momentum_;
};

}  // namespace

std::unique_ptr<IDeviceSearch> make_straight_through(DeviceSession session, int measurements) {
  return std::make_unique<StraightThrough>(std::move(session), measurements);
}

}  // namespace crucible::search
