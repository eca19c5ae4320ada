// evolution: a (1+1) evolution strategy on the device alone (I. Rechenberg, Evolutionsstrategie,
// 1973). A child has random blocks flipped to a wall; how many weights it changes follows the 1/5
// success rule: times 1.5 after a success, and times 1.5^(-1/4) after a failure, so that one
// success in five keeps it.
#include <algorithm>
#include <cmath>

#include "host/search/device/blocks.hpp"
#include "host/search/device/registry.hpp"

namespace crucible::search {

namespace {

constexpr double kGrow = 1.5;
constexpr size_t kBlocks = 4;  // of a child

class Evolution final : public IDeviceSearch {
 public:
  Evolution(DeviceSession session, int trials)
      : session_(std::move(session)),
        trials_(trials),
        weights_(static_cast<double>(session_.sparse_step())) {}

  bool advance() override {
    if (!session_.begun()) {
      session_.begin(Read::kLogits);
    } else {
      CounterRandom random(session_.arena().problem().seed, session_.statistics().measurements);
      Point z = session_.point();
      const auto changed = static_cast<size_t>(std::lround(weights_));
      for (size_t block = 0; block < std::min(kBlocks, changed); ++block)
        flip(z, random_block(z, std::max<size_t>(1, changed / kBlocks), random), random);
      const bool success = session_.attempt(std::move(z), /*level=*/false);
      weights_ = std::clamp(weights_ * (success ? kGrow : std::pow(kGrow, -0.25)), 1.0,
                            static_cast<double>(session_.sparse_step()));
    }
    session_.report();
    return static_cast<int>(session_.statistics().measurements) < trials_ &&
           session_.score().correct > 0;
  }
  [[nodiscard]] int planned() const override { return trials_; }
  [[nodiscard]] const DeviceSession& session() const override { return session_; }
  void save(OutArchive& archive) const override {
    session_.save(archive);
    archive(weights_);
  }
  void load(InArchive& archive) override {
    session_.load(archive);
    archive(weights_);
  }

 private:
  DeviceSession session_;
  int trials_;
  double weights_;  // changed by a child
};

}  // namespace

std::unique_ptr<IDeviceSearch> make_evolution(DeviceSession session, int measurements) {
  return std::make_unique<Evolution>(std::move(session), measurements);
}

}  // namespace crucible::search
